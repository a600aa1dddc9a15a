/** Which part of the picture is looked at? Zoom and pan as plain numbers. */

export const MOST = 8;
const STEP = 1.5;

/** @typedef {{scale: number, x: number, y: number}} Look `x`, `y`: the centre, 0 to 1 */
/** @typedef {{times: number, most: number}} Lens how near their camera is, and how near it can come */

/** The whole picture. @type {Look} */
export const WHOLE = { scale: 1, x: 0.5, y: 0.5 };

/**
 * @param {Look} look
 * @returns {Look}
 */
export const zoomIn = (look) => within({ ...look, scale: look.scale * STEP });

/**
 * @param {Look} look
 * @returns {Look}
 */
export const zoomOut = (look) => within({ ...look, scale: look.scale / STEP });

/**
 * The next step of the camera itself: it sees more, where we only magnify. It goes first on the way
 * in and last on the way out.
 * @param {boolean} nearer
 * @param {Look} look
 * @param {Lens} lens
 * @returns {number | null} times; null where the step is ours
 */
export function theirStep(nearer, look, { times, most }) {
  if (look.scale > 1) return null;
  const next = Math.min(most, Math.max(1, nearer ? times * STEP : times / STEP));
  const rested = next < 1.01 ? 1 : next;
  return Math.abs(rested - times) < 0.01 ? null : rested;
}

/**
 * Move the centre by shares of what is seen.
 * @param {Look} look
 * @param {number} dx
 * @param {number} dy
 * @returns {Look}
 */
export function pan(look, dx, dy) {
  return within({ ...look, x: look.x + dx / look.scale, y: look.y + dy / look.scale });
}

/**
 * Nothing beyond the picture's edges is ever shown.
 * @param {Look} look
 * @returns {Look}
 */
export function within({ scale, x, y }) {
  const most = Math.min(MOST, Math.max(1, scale));
  // Steps of 1.5 up and down again must end at exactly 1, or "Zoom out" never rests.
  const rested = most < 1.01 ? 1 : most;
  const edge = 0.5 / rested;
  const inside = (/** @type {number} */ at) => Math.min(1 - edge, Math.max(edge, at));
  return { scale: rested, x: inside(x), y: inside(y) };
}

/**
 * @param {Look} look
 * @returns {string} for CSS, with the origin at the picture's middle
 */
export function transform({ scale, x, y }) {
  const shift = (/** @type {number} */ at) => `${((0.5 - at) * 100 * scale).toFixed(2)}%`;
  return `translate(${shift(x)}, ${shift(y)}) scale(${scale.toFixed(3)})`;
}
