/** What happens to the Requester's phone by their own hand, and who does the rest? */

/**
 * @import { Client } from "../protocol.js"
 * @import { MineStore } from "../state/mine.js"
 * @import { Saying } from "../state/says.js"
 * @import { Seen } from "./camera.js"
 * @import { About, Wish } from "./consent.js"
 * @import { Between, Hand, Note, Typed } from "./words_between.js"
 * @import { Device } from "./capture.js"
 * @import { DeviceTrouble, Opened } from "./devices.js"
 * @import { Still } from "./still.js"
 */

import { Camera } from "./camera.js";
import { Capture } from "./capture.js";
import { Consent } from "./consent.js";
import { openMicrophone } from "./devices.js";
import { Meeting } from "./meeting.js";
import { PhotoSender } from "./photo_sender.js";
import { Remote } from "./remote.js";
import { asksForTilt } from "./tilt.js";
import { isTyped } from "./words_between.js";

/**
 * @typedef {Seen & {muted: boolean, microphone: boolean}} Phone what this page's buttons show
 * @typedef {{
 *   send: (message: Client) => boolean,
 *   onTrack: (track: MediaStreamTrack) => void,
 *   onPhone: (phone: Phone, camera: MediaStreamTrack | null) => void,
 *   onTyped: (message: Typed) => void,
 *   onOpened: () => void,
 *   onParted: () => void,
 *   onQuestion: (control: Wish | null, about?: About) => void,
 *   onHand: (message: Hand) => void,
 *   note: () => Note | null,
 *   onPhoto: (share: number | null) => void,
 *   mine: MineStore,
 *   still: (camera: MediaStreamTrack) => Promise<Still | null>,
 *   tell: (saying: Saying) => void,
 * }} SideParts `onHand`: the Volunteer would hand over;
 *   `note`: the one that the Volunteer of this Call should see; `onPhoto`: how much of a photograph is there, null while none is on its way
 */

export class RequesterSide {
  #muted = false;

  /** @param {SideParts} parts */
  constructor(parts) {
    this.parts = parts;
    const { send, onTrack, tell, mine } = parts;
    const onBetween = (/** @type {Between} */ message) => this.#heard(message);
    const onPiece = () => undefined; // nobody sends photographs to this side
    const say = (/** @type {Between} */ message) => this.meeting.say(message);
    const may = () => mine.get().may;
    this.meeting = new Meeting({
      send, onTrack, onBetween, onPiece, onOpen: () => this.#opened(), onGate: () => this.introduce(),
      onParted: () => this.#part(),
    });
    this.capture = new Capture({
      open: (device) => (device === "camera" ? this.camera.fresh() : openMicrophone()),
      onAway: (device) => this.#away(device),
      onBack: (device, fresh) => void this.#back(device, fresh),
      onGone: (device) => this.#gone(device),
    });
    this.camera = new Camera({
      meeting: this.meeting, mine, onChange: () => this.#show(),
      hold: (track) => this.capture.hold("camera", track),
    });
    this.consent = new Consent({ may, onQuestion: (control, about) => this.#question(control, about) });
    this.photo = new PhotoSender({
      say, unsent: () => this.meeting.unsent, give: (piece) => this.meeting.give(piece),
      onProgress: parts.onPhoto,
      onDone: (arrived) => tell({ key: arrived ? "photo.sent" : "photo.unsent", topic: "photo" }),
    });
    const { camera, consent, photo } = this;
    this.remote = new Remote({ camera, consent, photo, may, still: parts.still, say, tell });
    mine.watch(() => this.introduce());
  }

  /**
   * What the browser is about to ask, as a key.
   * @param {boolean} first the press that asks for help: an iPhone asks then for its motion, too
   */
  prepares(first) {
    const { camera, hints } = this.parts.mine.get();
    if (camera === "off") return "prepare.voice";
    return first && hints && asksForTilt() ? "prepare.tilt" : "prepare";
  }

  /** @returns {Promise<Opened>} what the person let us open */
  async open() {
    this.#muted = false;
    const opened = await this.camera.open();
    this.capture.hold("microphone", opened.microphone);
    return opened;
  }

  /** First of all, whatever the network does: nothing is captured any more. */
  hush() {
    this.#part();
    this.capture.hold("microphone", null);
    this.meeting.release();
    this.camera.close();
  }

  close() {
    this.hush();
    this.meeting.be(null, false);
  }

  /** The call is over, and with it whatever was asked, on its way, or done to the camera. */
  #part() {
    this.consent.clear();
    this.photo.clear();
    this.parts.onParted();
    if (this.camera.seen.light) this.parts.tell({ key: "act.light_off", topic: "act" });
    void this.camera.settle();
  }

  #opened() {
    this.introduce();
    this.photo.reopened();
    this.parts.onOpened();
  }

  /** Two people have met. */
  began() {
    this.introduce();
    if (this.camera.seen.is === "off") this.parts.tell({ key: "camera.off", topic: "act" });
  }

  /** The other page hears how things stand, at the start and after each new connection. */
  introduce() {
    const { light, able, times, most, lenses, is } = this.camera.seen;
    this.meeting.say({ t: "light.is", on: light, able });
    this.meeting.say({ t: "zoom.is", times, most });
    this.meeting.say({ t: "lens.is", of: lenses.length });
    const [dark, silent] = [this.capture.isAway("camera"), this.capture.isAway("microphone")];
    this.meeting.say({ t: "camera", paused: is !== "on" || dark });
    this.meeting.say({ t: "mic", muted: this.#muted || silent });
    this.meeting.say({ t: "may", ...this.parts.mine.get().may });
    const note = this.parts.note();
    if (note) this.meeting.say(note);
  }

  async mute() {
    if (this.#muted && !(await this.#listening())) return this.#act("act.microphone_gone");
    this.#muted = !this.#muted;
    const { microphone } = this.meeting.tracks;
    if (microphone) microphone.enabled = !this.#muted;
    this.#show();
    this.#act(this.#muted ? "act.muted" : "act.unmuted");
  }

  /** "Pause camera", "Resume camera", "Turn camera on". */
  async pause() {
    const { is } = this.camera.seen;
    const back = is === "off" ? "act.camera_on" : "act.resumed";
    if (is !== "on") return this.#turned(await this.camera.resume(), back);
    const { light } = this.camera.seen;
    this.photo.giveUp();
    await this.camera.pause();
    this.#act(light ? "act.paused.light" : "act.paused");
  }

  async light() {
    const on = !this.camera.seen.light;
    const done = await this.camera.setLight(on);
    this.#act(done ? (on ? "act.light_on" : "act.light_off") : "act.light_failed");
  }

  async switchCamera() {
    this.#turned(await this.camera.next(), "");
  }

  /** @param {string} lens its id */
  async chooseLens(lens) {
    this.#turned(await this.camera.choose(lens, true), "");
  }

  /**
   * @param {DeviceTrouble | null} why
   * @param {string} key
   */
  #turned(why, key) {
    if (why) return this.#trouble(why);
    if (this.camera.seen.is === "on") this.#act(key || this.#whichCamera(), this.#which());
  }

  #whichCamera() {
    const { at, of } = this.#which();
    if (!at) return "act.front_camera";
    return of > 1 ? "act.rear_camera" : "act.other_camera";
  }

  /** Which of the rear cameras it is, 0 if it is none of them. */
  #which() {
    const { lens, lenses } = this.camera.seen;
    return { at: lenses.findIndex(({ id }) => id === lens) + 1, of: lenses.length };
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
    if (fresh) await (device === "camera" ? this.camera.take(fresh) : this.#renew(fresh));
    this.introduce();
    this.parts.tell({ key: `act.${device}_back`, assertive: true, tone: "back" });
  }

  /**
   * Only the person can bring it back: by the button that takes back a pause or a mute.
   * @param {Device} device
   */
  #gone(device) {
    if (device === "camera") void this.camera.pause();
    else this.#muted = true;
    this.#show();
    this.#act(`act.${device}_gone`);
  }

  /** @returns {Promise<boolean>} whether the microphone is there, opened anew if it was lost */
  async #listening() {
    if (this.meeting.tracks.microphone?.readyState === "live") return true;
    const fresh = await openMicrophone();
    if (typeof fresh !== "string") await this.#renew(fresh);
    return typeof fresh !== "string";
  }

  /** @param {MediaStreamTrack} fresh */
  async #renew(fresh) {
    fresh.enabled = !this.#muted;
    this.capture.hold("microphone", fresh);
    await this.meeting.replace("audio", fresh);
  }

  /** @param {Between} message */
  #heard(message) {
    if (isTyped(message)) this.parts.onTyped(message);
    if (message.t === "photo.got") this.photo.got(message);
    if (message.t === "photo.stop") this.photo.stopped(message.id);
    if (message.t === "hand") this.parts.onHand(message);
    this.remote.heard(message);
  }

  /**
   * @param {Wish | null} control
   * @param {About} [about]
   */
  #question(control, about) {
    this.parts.onQuestion(control, about);
    if (control) this.meeting.say({ t: "asked", control });
  }

  /** @param {DeviceTrouble} why */
  #trouble(why) {
    this.#act(this.camera.seen.is === "paused" ? "act.camera_gone" : `trouble.camera.${why}`);
  }

  /**
   * An act on the phone is announced at once.
   * @param {string} key
   * @param {Record<string, number>} params
   */
  #act(key, params = {}) {
    this.parts.tell({ key, params, assertive: true, topic: "act" });
  }

  #show() {
    const { camera, microphone } = this.meeting.tracks;
    this.parts.onPhone({ ...this.camera.seen, muted: this.#muted, microphone: !!microphone }, camera);
    this.introduce();
  }
}
