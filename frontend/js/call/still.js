/**
 * How does the phone take a sharp still? As large as its camera can, and drawn anew.
 *
 * What a camera writes beside its picture (the place, the device, the time) stays on the phone:
 * only what can be seen is drawn into the file that leaves.
 */

import { MOST_BYTES, MOST_PIXELS } from "./photo.js";

const TAKE_MS = 8_000;
const GOOD_BYTES = 5_000_000;
const QUALITIES = [0.92, 0.8, 0.6];

/** @typedef {{bytes: ArrayBuffer, width: number, height: number}} Still */

/**
 * @param {MediaStreamTrack} camera
 * @returns {Promise<Still | null>} null when the phone could not
 */
export async function takeStill(camera) {
  const picture = (await photograph(camera)) ?? (await frameOf(camera));
  if (!picture) return null;
  try {
    return await drawn(picture);
  } catch {
    return null; // too little memory for it
  } finally {
    picture.close();
  }
}

/**
 * Some phones never answer, and some only when nothing else uses the camera.
 * @param {MediaStreamTrack} camera
 */
async function photograph(camera) {
  if (!("ImageCapture" in window)) return null;
  return within(TAKE_MS, shot(camera)).catch(() => null);
}

/** @param {MediaStreamTrack} camera */
async function shot(camera) {
  const capture = new ImageCapture(camera);
  return createImageBitmap(await capture.takePhoto(await largest(capture)));
}

/**
 * Without a word of ours some browsers photograph no larger than they film.
 * @param {ImageCapture} capture
 */
async function largest(capture) {
  const { imageWidth, imageHeight } = await capture.getPhotoCapabilities();
  const [width, height] = [imageWidth?.max ?? 0, imageHeight?.max ?? 0];
  if (!width || !height) return {};
  const scale = shrink(width, height);
  return { imageWidth: Math.round(width * scale), imageHeight: Math.round(height * scale) };
}

/** @param {MediaStreamTrack} camera */
async function frameOf(camera) {
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  video.srcObject = new MediaStream([camera]);
  try {
    await within(TAKE_MS, video.play());
    return await createImageBitmap(video);
  } catch {
    return null;
  } finally {
    video.srcObject = null;
  }
}

/**
 * @param {ImageBitmap} picture
 * @returns {Promise<Still | null>}
 */
async function drawn(picture) {
  const canvas = document.createElement("canvas");
  const scale = shrink(picture.width, picture.height);
  canvas.width = Math.floor(picture.width * scale);
  canvas.height = Math.floor(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  /** @type {Blob | null} */
  let smallest = null;
  for (const quality of QUALITIES) {
    smallest = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (smallest && smallest.size <= GOOD_BYTES) break;
  }
  if (!smallest || smallest.size > MOST_BYTES) return null;
  return { bytes: await smallest.arrayBuffer(), width: canvas.width, height: canvas.height };
}

/**
 * @param {number} width
 * @param {number} height
 */
const shrink = (width, height) => Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));

/**
 * @template T
 * @param {number} ms
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
function within(ms, work) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("too late")), ms));
  return Promise.race([work, /** @type {Promise<never>} */ (late)]);
}
