/** Which camera and microphone does the person let us use, and why not? */

/**
 * @import { Tracks } from "./peer.js"
 * @typedef {"refused" | "none" | "in_use" | "insecure" | "failed"} DeviceTrouble
 * @typedef {Tracks & {camera_trouble: DeviceTrouble | null,
 *   microphone_trouble: DeviceTrouble | null}} Opened
 */

const VIDEO = {
  facingMode: { ideal: "environment" },
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 24 },
};
const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * Both at once is one question to the person; only if that fails each by itself.
 * @param {string} lens see `through`
 * @returns {Promise<Opened>}
 */
export async function openBoth(lens) {
  const both = await attempt({ video: through(lens), audio: AUDIO });
  if (typeof both !== "string") return opened(both.getVideoTracks()[0], both.getAudioTracks()[0]);
  const camera = await openCamera(lens, both);
  const microphone = await openMicrophone(both);
  return {
    camera: typeof camera === "string" ? null : camera,
    microphone: typeof microphone === "string" ? null : microphone,
    camera_trouble: typeof camera === "string" ? camera : null,
    microphone_trouble: typeof microphone === "string" ? microphone : null,
  };
}

/**
 * For whoever begins with their voice alone: nobody asks them for a camera.
 * @returns {Promise<Opened>}
 */
export async function openVoice() {
  const microphone = await openMicrophone();
  if (typeof microphone !== "string") return opened(undefined, microphone);
  return { camera: null, microphone: null, camera_trouble: null, microphone_trouble: microphone };
}

/**
 * @param {string} lens see `through`
 * @param {DeviceTrouble | null} before why both together failed
 * @returns {Promise<MediaStreamTrack | DeviceTrouble>}
 */
export async function openCamera(lens, before = null) {
  return (await hopeless("camera", before)) ?? first(await attempt({ video: through(lens) }));
}

/**
 * This camera and no other.
 * @param {string} lens
 * @returns {Promise<MediaStreamTrack | DeviceTrouble>}
 */
export async function openLens(lens) {
  const { facingMode: _, ...size } = VIDEO;
  return first(await attempt({ video: { ...size, deviceId: { exact: lens } } }));
}

/**
 * @param {string} lens which of the cameras, if it is still there; "" for the usual one
 * @returns {MediaTrackConstraints} on the side that faces the world
 */
const through = (lens) => (lens ? { ...VIDEO, deviceId: { ideal: lens } } : VIDEO);

/**
 * @param {DeviceTrouble | null} before
 * @returns {Promise<MediaStreamTrack | DeviceTrouble>}
 */
export async function openMicrophone(before = null) {
  return (await hopeless("microphone", before)) ?? first(await attempt({ audio: AUDIO }));
}

/**
 * Somebody who said no is not asked the same question a second time.
 * @param {"camera" | "microphone"} name
 * @param {DeviceTrouble | null} before
 * @returns {Promise<DeviceTrouble | null>}
 */
async function hopeless(name, before) {
  if (before === "insecure") return before;
  if (before !== "refused") return null;
  return (await permission(name)) === "granted" ? null : "refused";
}

/**
 * @param {"camera" | "microphone"} name
 * @returns {Promise<PermissionState | "unknown">}
 */
export async function permission(name) {
  try {
    const descriptor = /** @type {PermissionDescriptor} */ (/** @type {unknown} */ ({ name }));
    return (await navigator.permissions.query(descriptor)).state;
  } catch {
    return "unknown";
  }
}

/**
 * @param {MediaStreamTrack | undefined} camera
 * @param {MediaStreamTrack | undefined} microphone
 * @returns {Opened}
 */
function opened(camera, microphone) {
  if (camera) detailed(camera);
  return {
    camera: camera ?? null,
    microphone: microphone ?? null,
    camera_trouble: null,
    microphone_trouble: null,
  };
}

/**
 * Letters stay sharp and the frame rate gives way: most calls are about reading.
 * @param {MediaStreamTrack} camera
 */
function detailed(camera) {
  if ("contentHint" in camera) camera.contentHint = "detail";
}

/**
 * @param {MediaStream | DeviceTrouble} stream
 * @returns {MediaStreamTrack | DeviceTrouble}
 */
function first(stream) {
  if (typeof stream === "string") return stream;
  const track = stream.getTracks()[0];
  if (track?.kind === "video") detailed(track);
  return track ?? "none";
}

/**
 * @param {MediaStreamConstraints} wanted
 * @returns {Promise<MediaStream | DeviceTrouble>}
 */
async function attempt(wanted) {
  // A browser hides the devices from pages that came over plain HTTP.
  if (!navigator.mediaDevices) return "insecure";
  if (wanted.audio) routeSound("play-and-record");
  return navigator.mediaDevices.getUserMedia(wanted).catch((error) => trouble(error?.name));
}

/**
 * Told what a page is about, an iPhone plays a voice aloud and at full volume while it listens too,
 * and is its usual self again afterwards.
 * @param {"auto" | "play-and-record"} type
 */
export function routeSound(type) {
  const { audioSession } = /** @type {{audioSession?: {type: string}}} */ (
    /** @type {unknown} */ (navigator)
  );
  if (audioSession) audioSession.type = type;
}

/**
 * @param {string} name of the browser's exception
 * @returns {DeviceTrouble}
 */
export function trouble(name) {
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" || name === "AbortError" ? "in_use" : "failed";
}
