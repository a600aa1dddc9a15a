/** Which cameras has this phone, and what can the one in use do: focus, light, zoom? */

/**
 * @typedef {{id: string, name: string}} Lens `name`: as the browser calls it, "" if that says nothing
 * @typedef {{torch?: boolean, focusMode?: string[], zoom?: {min: number, max: number},
 *   facingMode?: string[]}} Able what a browser may know of a camera
 * @typedef {{light: boolean, times: number}} Setting `times`: as near as how many times
 */

/** On the screen's side, in the languages in which phones call it so. */
const FRONT = /front|user|selfie|frontal|avant|przedni|forside|etukamera|anteriore|vorder/i;
/** What Android calls its cameras is of no use to anybody. */
const NUMBERED = /^(camera2? ?\d+|fake_device_\d+|video device|\d+)(,.*)?$/i;

/**
 * All but those on the screen's side, in the browser's order.
 * @param {readonly MediaDeviceInfo[]} cameras
 * @returns {Lens[]}
 */
export const rearLenses = (cameras) =>
  cameras
    .filter((each) => each.deviceId && !isFront(each))
    .map(({ deviceId, label }) => ({ id: deviceId, name: NUMBERED.test(label) ? "" : label }));

/** @param {MediaDeviceInfo} camera */
function isFront(camera) {
  const known = /** @type {{getCapabilities?: () => Able}} */ (camera).getCapabilities?.().facingMode;
  return known?.length ? known.includes("user") : FRONT.test(camera.label);
}

/** @returns {Promise<MediaDeviceInfo[]>} */
export async function listCameras() {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return all.filter((each) => each.kind === "videoinput");
}

/** @param {MediaStreamTrack | null} camera */
const able = (camera) => /** @type {Able} */ (camera?.getCapabilities?.() ?? {});

/** @param {MediaStreamTrack | null} camera */
export const hasLight = (camera) => able(camera).torch === true;

/**
 * How near it can come, 1 where it cannot: browsers count zoom in units of their own.
 * @param {MediaStreamTrack | null} camera
 */
export function mostTimes(camera) {
  const { zoom } = able(camera);
  return zoom ? Math.max(1, zoom.max / unit(zoom)) : 1;
}

/**
 * All at once, because each time what is not named falls back to what it was.
 * @param {MediaStreamTrack} camera
 * @param {Setting} setting
 * @returns {Promise<boolean>} whether the camera did it
 */
export function hold(camera, { light, times }) {
  const { torch, focusMode, zoom } = able(camera);
  const wanted = /** @type {MediaTrackConstraintSet} */ ({
    ...(focusMode?.includes("continuous") ? { focusMode: "continuous" } : {}),
    ...(torch ? { torch: light } : {}),
    ...(zoom ? { zoom: Math.min(zoom.max, times * unit(zoom)) } : {}),
  });
  if (!Object.keys(wanted).length) return Promise.resolve(false);
  return camera.applyConstraints({ advanced: [wanted] }).then(
    () => true,
    () => false,
  );
}

/** @param {{min: number, max: number}} zoom below 1 a wider lens takes over, and 1 is the usual one */
const unit = ({ min, max }) => (min <= 1 && max >= 1 ? 1 : min);
