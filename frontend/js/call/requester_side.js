/** What happens to the Requester's phone: by their own hand, and by the Volunteer's wish? */

/**
 * @import { Client } from "../protocol.js"
 * @import { Saying } from "../state/says.js"
 * @import { Control, May, No } from "./consent.js"
 * @import { Device } from "./capture.js"
 * @import { Between, Typed } from "./words_between.js"
 * @import { DeviceTrouble, Opened } from "./devices.js"
 * @import { Still } from "./still.js"
 */

import { Capture } from "./capture.js";
import { Consent } from "./consent.js";
import * as devices from "./devices.js";
import { Meeting } from "./meeting.js";
import { PhotoSender } from "./photo_sender.js";
import { isTyped } from "./words_between.js";

/**
 * @typedef {{light: boolean, able: boolean, paused: boolean, muted: boolean, cameras: number,
 *   camera: boolean, microphone: boolean}} Mine what this page's buttons show
 * @typedef {{
 *   send: (message: Client) => boolean,
 *   onTrack: (track: MediaStreamTrack) => void,
 *   onMine: (mine: Mine, camera: MediaStreamTrack | null) => void,
 *   onTyped: (message: Typed) => void,
 *   onOpened: () => void,
 *   onParted: () => void,
 *   onQuestion: (control: Control | null) => void,
 *   onPhoto: (share: number | null) => void,
 *   may: () => May,
 *   still: (camera: MediaStreamTrack) => Promise<Still | null>,
 *   tell: (saying: Saying) => void,
 * }} SideParts `onPhoto`: how much of a photograph is there, null while none is on its way
 */

/** @type {Mine} */
const NOTHING = {
  light: false, able: false, paused: false, muted: false, cameras: 0,
  camera: false, microphone: false,
};

export class RequesterSide {
  /** @type {Mine} */
  #mine = NOTHING;
  #shooting = false;

  /** @param {SideParts} parts */
  constructor(parts) {
    this.parts = parts;
    const { send, onTrack } = parts;
    const onBetween = (/** @type {Between} */ message) => this.#heard(message);
    const onPiece = () => undefined; // nobody sends photographs to this side
    this.meeting = new Meeting({
      send, onTrack, onBetween, onPiece, onOpen: () => this.#opened(), onParted: () => this.#part(),
    });
    this.capture = new Capture({
      open,
      onAway: (device) => this.#away(device),
      onBack: (device, fresh) => void this.#back(device, fresh),
      onGone: (device) => this.#gone(device),
    });
    this.consent = new Consent({ may: parts.may, onQuestion: (control) => this.#question(control) });
    this.photo = new PhotoSender({
      say: (message) => this.meeting.say(message),
      give: (piece) => this.meeting.give(piece),
      unsent: () => this.meeting.unsent,
      onProgress: parts.onPhoto,
      onDone: (arrived) => parts.tell({ key: arrived ? "photo.sent" : "photo.unsent", topic: "photo" }),
    });
  }

  /** @returns {Promise<Opened>} what the person let us open */
  async open() {
    const opened = await devices.openBoth();
    const { camera, microphone } = opened;
    this.meeting.tracks = { camera, microphone };
    this.capture.hold("camera", camera);
    this.capture.hold("microphone", microphone);
    const cameras = (await devices.listCameras()).length;
    const able = devices.hasLight(camera);
    this.#set({ ...NOTHING, able, cameras, camera: !!camera, microphone: !!microphone });
    return opened;
  }

  /** First of all, whatever the network does: nothing is captured any more. */
  hush() {
    this.#part();
    this.capture.hold("camera", null);
    this.capture.hold("microphone", null);
    this.meeting.release();
    this.#set(NOTHING);
  }

  close() {
    this.hush();
    this.meeting.be(null, false);
  }

  /** The call is over, and with it whatever was asked or on its way. */
  #part() {
    this.consent.clear();
    this.photo.clear();
    this.parts.onParted();
  }

  #opened() {
    this.introduce();
    this.photo.reopened();
    this.parts.onOpened();
  }

  /** The other page hears how things stand, at the start and after each new connection. */
  introduce() {
    const { light, able, paused, muted, camera } = this.#mine;
    const [dark, silent] = [this.capture.isAway("camera"), this.capture.isAway("microphone")];
    this.meeting.say({ t: "light.is", on: light, able });
    this.meeting.say({ t: "camera", paused: paused || !camera || dark });
    this.meeting.say({ t: "mic", muted: muted || silent });
    this.meeting.say({ t: "may", ...this.parts.may() });
  }

  async mute() {
    const muted = !this.#mine.muted;
    if (!muted && !(await this.#restored("microphone"))) return;
    const { microphone } = this.meeting.tracks;
    if (microphone) microphone.enabled = !muted;
    this.#set({ ...this.#mine, muted });
    this.#act(muted ? "act.muted" : "act.unmuted");
  }

  async pause() {
    const paused = !this.#mine.paused;
    if (!paused && !(await this.#restored("camera"))) return;
    const { camera } = this.meeting.tracks;
    if (camera) camera.enabled = !paused;
    if (paused) this.photo.giveUp();
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
    if (typeof next === "string") return this.#gone("camera");
    await this.#take(next);
    this.#act(next.getSettings().facingMode === "user" ? "act.front_camera" : "act.other_camera");
  }

  /** @param {MediaStreamTrack} camera */
  async #take(camera) {
    camera.enabled = !this.#mine.paused;
    this.capture.hold("camera", camera);
    await this.meeting.replace(camera);
    this.#set({ ...this.#mine, light: false, able: devices.hasLight(camera), camera: true });
    this.introduce();
  }

  /** @param {Device} device a phone call, a lock, another app took it */
  #away(device) {
    this.parts.tell({ key: `act.${device}_stopped`, assertive: true, tone: "lost" });
    this.introduce();
  }

  /**
   * @param {Device} device
   * @param {MediaStreamTrack | null} fresh
   */
  async #back(device, fresh) {
    if (fresh) await this.#renew(device, fresh);
    this.introduce();
    this.parts.tell({ key: `act.${device}_back`, assertive: true, tone: "back" });
  }

  /**
   * Only the person can bring it back: by the button that takes back a pause or a mute.
   * @param {Device} device
   */
  #gone(device) {
    this.#set({ ...this.#mine, ...(device === "camera" ? { paused: true } : { muted: true }) });
    this.#act(`act.${device}_gone`);
  }

  /**
   * @param {Device} device
   * @returns {Promise<boolean>} whether it is there, opened anew if it was lost
   */
  async #restored(device) {
    if (this.meeting.tracks[device]?.readyState === "live") return true;
    const fresh = await open(device);
    if (typeof fresh === "string") this.#act(`act.${device}_gone`);
    else await this.#renew(device, fresh);
    return typeof fresh !== "string";
  }

  /**
   * @param {Device} device
   * @param {MediaStreamTrack} fresh
   */
  async #renew(device, fresh) {
    if (device === "camera") return this.#take(fresh);
    fresh.enabled = !this.#mine.muted;
    this.capture.hold("microphone", fresh);
    await this.meeting.replace(fresh);
  }

  /** @param {Between} message */
  #heard(message) {
    if (isTyped(message)) this.parts.onTyped(message);
    if (message.t === "light") void this.#lightWished(message.on);
    if (message.t === "photo.please") void this.#photoWished();
    if (message.t === "photo.got") this.photo.got(message);
    if (message.t === "photo.stop") this.photo.stopped(message.id);
  }

  /**
   * Whether the Volunteer may; they hear what becomes of their wish.
   * @param {Control} control
   */
  async #may(control) {
    const said = await this.consent.wish(control);
    if (said === "yes") return true;
    if (said === "unanswered") this.parts.tell({ key: "consent.unanswered", topic: "consent" });
    this.#deny(control, said);
    return false;
  }

  /** @param {Control | null} control */
  #question(control) {
    this.parts.onQuestion(control);
    if (control) this.meeting.say({ t: "asked", control });
  }

  /**
   * @param {Control} control
   * @param {No | "paused" | "failed"} why
   */
  #deny(control, why) {
    this.meeting.say({ t: "no", control, why });
  }

  /** @param {boolean} on to turn it off again needs no question */
  async #lightWished(on) {
    if (on === this.#mine.light || !this.#mine.able) return;
    if (on ? !(await this.#may("light")) : this.parts.may().light === "never") return;
    const done = await this.#setLight(on);
    if (done) this.parts.tell({ key: on ? "remote.light_on" : "remote.light_off", assertive: true });
    else this.#deny("light", "failed");
  }

  async #photoWished() {
    if (this.#shooting || this.photo.busy) return this.#deny("photo", "busy");
    if (!this.#sees()) return this.#deny("photo", "paused");
    if (!(await this.#may("photo"))) return;
    const camera = this.#sees();
    if (!camera || this.#shooting) return this.#deny("photo", "paused");
    this.#shooting = true;
    this.parts.tell({ key: "photo.taking", assertive: true, tone: "photo" });
    const still = await this.parts.still(camera).catch(() => null); // its script may not come
    this.#shooting = false;
    // On some phones the light goes out with the shutter.
    if (this.#mine.light) void this.#setLight(true);
    // The call may be over by now, or the person may have paused the camera.
    if (still && this.#sees()) return this.photo.begin(still);
    this.parts.tell({ key: "photo.unsent", topic: "photo" });
    this.#deny("photo", "failed");
  }

  /** The camera, while it may show anything. */
  #sees() {
    return this.#mine.paused ? null : this.meeting.tracks.camera;
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

/**
 * @param {Device} device
 * @returns {Promise<MediaStreamTrack | DeviceTrouble>}
 */
const open = (device) => (device === "camera" ? devices.openCamera() : devices.openMicrophone());
