/**
 * Which part of the picture is looked at? Zoom, pan and quarter turns as plain numbers.
 *
 * A place in the frame is given in shares of it from its middle, -0.5 to 0.5; a place in the picture
 * in shares of the picture as it is turned, 0 to 1.
 */

export const MOST = 8;
const STEP = 1.5;
const UPRIGHT = 4;

/** @typedef {{scale: number, x: number, y: number}} Look `x`, `y`: what stands in the middle */
/** @typedef {{x: number, y: number}} Place */
/** @typedef {{width: number, height: number}} Size in pixels */
/** @typedef {{times: number, most: number}} Lens how near their camera is, and how near it can come */

/** The whole picture. @type {Look} */
export const WHOLE = { scale: 1, x: 0.5, y: 0.5 };
/** @type {Place} */
const MIDDLE = { x: 0, y: 0 };
/** A frame that the picture fills. @type {Place} */
export const SNUG = { x: 1, y: 1 };

/**
 * The whole of a picture in a frame.
 * @param {Size} picture as it comes
 * @param {Size} frame
 * @param {number} turns quarter turns to the right
 * @returns {{size: Size, room: Place}} its size in the frame, turned; `room`: how many times the
 *   frame is as wide and as high as that
 */
export function fit(picture, frame, turns) {
  const { width, height } = turned(picture, turns);
  const scale = Math.min(frame.width / width, frame.height / height) || 1;
  const size = { width: width * scale, height: height * scale };
  return { size, room: { x: frame.width / size.width || 1, y: frame.height / size.height || 1 } };
}

/**
 * @param {Size} size
 * @param {number} turns
 * @returns {Size}
 */
export const turned = ({ width, height }, turns) =>
  turns % 2 ? { width: height, height: width } : { width, height };

/**
 * What was at one place is then at the other, as far as the edges let it.
 * @param {Look} look
 * @param {number} times
 * @param {Place} from
 * @param {Place} to
 * @param {Place} room
 * @returns {Look}
 */
export function moved(look, times, from, to, room) {
  // Steps of 1.5 up and down again must end at exactly 1, or "Zoom out" never rests.
  const near = Math.min(MOST, Math.max(1, look.scale * times));
  const scale = near < 1.01 ? 1 : near;
  const x = look.x + room.x * (from.x / look.scale - to.x / scale);
  const y = look.y + room.y * (from.y / look.scale - to.y / scale);
  return within({ scale, x, y }, room);
}

/**
 * What is at that place stays there.
 * @param {Look} look
 * @param {number} times
 * @param {Place} room
 * @param {Place} at
 */
export const zoomBy = (look, times, room = SNUG, at = MIDDLE) => moved(look, times, at, at, room);

/**
 * @param {Look} look
 * @param {Place} [room]
 */
export const zoomIn = (look, room) => zoomBy(look, STEP, room);

/**
 * @param {Look} look
 * @param {Place} [room]
 */
export const zoomOut = (look, room) => zoomBy(look, 1 / STEP, room);

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
 * Look on by shares of the frame.
 * @param {Look} look
 * @param {number} dx
 * @param {number} dy
 * @param {Place} room
 */
export const pan = (look, dx, dy, room = SNUG) => moved(look, 1, { x: dx, y: dy }, MIDDLE, room);

/**
 * A quarter to the right: what stood at the left now stands at the top.
 * @param {Look} look
 * @returns {Look} the same thing in the middle
 */
export const quarter = ({ scale, x, y }) => ({ scale, x: 1 - y, y: x });

/**
 * @param {number} turns
 * @param {number} more quarters to the right, negative to the left
 */
export const turn = (turns, more) => (turns + more + UPRIGHT) % UPRIGHT;

/**
 * Nothing beyond the picture's edges is shown, but where the whole of it leaves room.
 * @param {Look} look
 * @param {Place} room
 * @returns {Look}
 */
export function within({ scale, x, y }, room = SNUG) {
  return { scale, x: inside(x, room.x / scale), y: inside(y, room.y / scale) };
}

/**
 * @param {number} at
 * @param {number} seen the share of the picture's side that the frame has room for
 */
function inside(at, seen) {
  const edge = Math.min(0.5, seen / 2);
  return Math.min(1 - edge, Math.max(edge, at));
}

/**
 * @param {Look} look
 * @param {Size} picture as it comes
 * @param {Size} frame
 * @param {number} turns
 * @returns {{box: Size, transform: string}} for an element in the frame's upper left corner
 */
export function placed(look, picture, frame, turns) {
  const { size } = fit(picture, frame, turns);
  const box = turned(size, turns);
  const { scale, x, y } = look;
  const across = (frame.width - box.width) / 2 + (0.5 - x) * size.width * scale;
  const down = (frame.height - box.height) / 2 + (0.5 - y) * size.height * scale;
  const moved = `translate(${across.toFixed(2)}px, ${down.toFixed(2)}px)`;
  return { box, transform: `${moved} scale(${scale.toFixed(3)}) rotate(${turns * 90}deg)` };
}
