/** What can the Requester do with their own camera, light, microphone and words? */

/**
 * @import { Client } from "../protocol.js"
 * @import { Saying } from "../state/says.js"
 * @import { Between, Text } from "./words_between.js"
 * @import { Opened } from "./devices.js"
 */

import * as devices from "./devices.js";
import { Meeting } from "./meeting.js";

/**
 * @typedef {{light: boolean, able: boolean, paused: boolean, muted: boolean, cameras: number,
 *   camera: boolean, microphone: boolean}} Mine what this page's buttons show
 * @typedef {{
 *   send: (message: Client) => boolean,
 *   onTrack: (track: MediaStreamTrack) => void,
 *   onMine: (mine: Mine, camera: MediaStreamTrack | null) => void,
 *   onText: (message: Text) => void,
 *   tell: (saying: Saying) => void,
 * }} SideParts
 */

/** @type {Mine} */
const NOTHING = {
  light: false, able: false, paused: false, muted: false, cameras: 0,
  camera: false, microphone: false,
};

export class RequesterSide {
  /** @type {Mine} */
  #mine = NOTHING;

  /** @param {SideParts} parts */
  constructor(parts) {
    this.parts = parts;
    const { send, onTrack } = parts;
    const onBetween = (/** @type {Between} */ message) => this.#heard(message);
    this.meeting = new Meeting({ send, onTrack, onBetween, onOpen: () => this.introduce() });
  }

  /** @returns {Promise<Opened>} what the person let us open */
  async open() {
    const opened = await devices.openBoth();
    const { camera, microphone } = opened;
    this.meeting.tracks = { camera, microphone };
    camera?.addEventListener("ended", () => void this.#stopped(camera));
    const cameras = (await devices.listCameras()).length;
    const able = devices.hasLight(camera);
    this.#set({ ...NOTHING, able, cameras, camera: !!camera, microphone: !!microphone });
    return opened;
  }

  /** First of all, whatever the network does: nothing is captured any more. */
  hush() {
    this.meeting.release();
    this.#set(NOTHING);
  }

  close() {
    this.hush();
    this.meeting.be(null, false);
  }

  /** The other page hears how things stand, at the start and after each new connection. */
  introduce() {
    const { light, able, paused, muted, camera } = this.#mine;
    this.meeting.say({ t: "light.is", on: light, able });
    this.meeting.say({ t: "camera", paused: paused || !camera });
    this.meeting.say({ t: "mic", muted });
  }

  mute() {
    const muted = !this.#mine.muted;
    const { microphone } = this.meeting.tracks;
    if (microphone) microphone.enabled = !muted;
    this.#set({ ...this.#mine, muted });
    this.#act(muted ? "act.muted" : "act.unmuted");
  }

  pause() {
    const paused = !this.#mine.paused;
    const { camera } = this.meeting.tracks;
    if (camera) camera.enabled = !paused;
    this.#set({ ...this.#mine, paused });
    this.#act(paused ? "act.paused" : "act.resumed");
  }

  async light() {
    const on = !this.#mine.light;
    const done = await this.#setLight(on);
    this.#act(done ? (on ? "act.light_on" : "act.light_off") : "act.light_failed");
  }

  async switchCamera() {
    const { camera } = this.meeting.tracks;
    if (!camera) return;
    const next = await devices.nextCamera(camera);
    if (typeof next === "string") return this.#stopped(camera);
    await this.#take(next);
    this.#act(next.getSettings().facingMode === "user" ? "act.front_camera" : "act.other_camera");
  }

  /** @param {MediaStreamTrack} camera */
  async #take(camera) {
    camera.enabled = !this.#mine.paused;
    camera.addEventListener("ended", () => void this.#stopped(camera));
    await this.meeting.replace(camera);
    this.#set({ ...this.#mine, light: false, able: devices.hasLight(camera), camera: true });
    this.introduce();
  }

  /**
   * A phone call, a lock, another program took the camera: say it, and try to have it back.
   * @param {MediaStreamTrack} camera
   */
  async #stopped(camera) {
    if (camera !== this.meeting.tracks.camera) return;
    this.parts.tell({ key: "act.camera_stopped", assertive: true, tone: "lost" });
    const fresh = await devices.openCamera();
    if (camera !== this.meeting.tracks.camera) return void stop(fresh);
    if (typeof fresh !== "string") await this.#take(fresh);
  }

  /** @param {Between} message */
  #heard(message) {
    if (message.t === "text") this.parts.onText(message);
    if (message.t === "light") void this.#asked(message.on);
  }

  /** @param {boolean} on the Volunteer would like it so */
  async #asked(on) {
    const done = await this.#setLight(on);
    if (done) this.parts.tell({ key: on ? "remote.light_on" : "remote.light_off", assertive: true });
  }

  /** @param {boolean} on */
  async #setLight(on) {
    const { camera } = this.meeting.tracks;
    const done = camera !== null && this.#mine.able && (await devices.setLight(camera, on));
    if (done) this.#set({ ...this.#mine, light: on });
    this.introduce();
    return done;
  }

  /** @param {string} key an act on the phone is announced at once */
  #act(key) {
    this.parts.tell({ key, assertive: true, topic: "act" });
    this.introduce();
  }

  /** @param {Mine} mine */
  #set(mine) {
    this.#mine = mine;
    this.parts.onMine(mine, this.meeting.tracks.camera);
  }
}

/** @param {MediaStreamTrack | string} track */
function stop(track) {
  if (typeof track !== "string") track.stop();
}
