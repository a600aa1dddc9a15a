/**
 * What does a played Requester do in a practice? What a real one's page does, by the same modules.
 *
 * Whatever the Volunteer tries counts when it has arrived here over the real line, not when a button
 * was pressed.
 */

/**
 * @import { Client } from "../protocol.js"
 * @import { PlayedCamera } from "./played_camera.js"
 * @import { PlayedVoice } from "./played_voice.js"
 * @import { Between } from "./words_between.js"
 * @typedef {"speak" | "light" | "zoom" | "freeze" | "photo" | "typed"} Try
 * @typedef {{
 *   send: (message: Client) => boolean, camera: PlayedCamera, voice: PlayedVoice, reply: string,
 *   onTried: (what: Try) => void,
 * }} PlayedParts `reply`: what they type back
 */

import { Consent } from "./consent.js";
import { Meeting } from "./meeting.js";
import { PhotoSender } from "./photo_sender.js";
import { Remote } from "./remote.js";
import { isTyped } from "./words_between.js";

const LISTEN_MS = 300;
const ASK_AGAIN_MS = 20_000;
const MAY = /** @type {const} */ ({ light: "allow", zoom: "allow", lens: "allow", photo: "allow" });

export class PlayedSide {
  #timers = [0, 0];
  #met = false;
  #spokenWith = false;

  /** @param {PlayedParts} parts */
  constructor(parts) {
    this.parts = parts;
    const { camera, voice, onTried } = parts;
    const say = (/** @type {Between} */ message) => this.meeting.say(message);
    this.meeting = new Meeting({
      // A practice is no figure of how calls go.
      send: (message) => message.type === "leg.report" || parts.send(message),
      onTrack: (track) => voice.listen(track),
      onBetween: (message) => this.#heard(message),
      onPiece: () => undefined,
      onOpen: () => (this.introduce(), this.photo.reopened()),
      onGate: () => this.introduce(),
    });
    this.photo = new PhotoSender({
      say, unsent: () => this.meeting.unsent, give: (piece) => this.meeting.give(piece),
      onProgress: () => undefined,
      onDone: (arrived) => arrived && onTried("photo"),
    });
    const may = () => MAY;
    this.remote = new Remote({
      camera, photo: this.photo, say, may, still: () => camera.still(), tell: () => undefined,
      consent: new Consent({ may, onQuestion: () => undefined }),
    });
  }

  /**
   * @param {string} help_request
   * @param {boolean} met somebody has accepted
   */
  be(help_request, met) {
    const { camera, voice } = this.parts;
    this.meeting.tracks = { camera: camera.track, microphone: voice.track };
    this.meeting.be(help_request, met);
    if (met && !this.#met) this.#begin();
    this.#met = met;
  }

  /** The practice is over. Whatever devices there are belong to the Volunteer: none is touched. */
  leave() {
    for (const timer of this.#timers) clearInterval(timer);
    this.#met = this.#spokenWith = false;
    this.photo.clear();
    this.meeting.be(null, false);
  }

  introduce() {
    const { light, able, times, most } = this.parts.camera.seen;
    const { meeting } = this;
    meeting.say({ t: "light.is", on: light, able });
    meeting.say({ t: "zoom.is", times, most });
    meeting.say({ t: "lens.is", of: 0 });
    meeting.say({ t: "camera", paused: false });
    meeting.say({ t: "mic", muted: false });
    meeting.say({ t: "may", ...MAY });
  }

  /** The played camera did as it was asked. */
  changed() {
    const { camera, onTried } = this.parts;
    this.introduce();
    if (camera.seen.light) onTried("light");
    if (camera.seen.times > 1) onTried("zoom");
  }

  /** They ask, and once more if nobody has said a word by then. */
  #begin() {
    const { voice, onTried } = this.parts;
    const listen = () => {
      if (this.#spokenWith || !voice.hears) return;
      this.#spokenWith = true;
      onTried("speak");
    };
    const again = () => (this.#spokenWith ? undefined : voice.say());
    void voice.say();
    this.#timers = [window.setInterval(listen, LISTEN_MS), window.setInterval(again, ASK_AGAIN_MS)];
  }

  /** @param {Between} message */
  #heard(message) {
    if (message.t === "photo.got") this.photo.got(message);
    if (message.t === "photo.stop") this.photo.stopped(message.id);
    if (isTyped(message) && message.t !== "typing") this.#read();
    this.remote.heard(message);
  }

  #read() {
    this.meeting.say({ t: "text", text: this.parts.reply });
    this.parts.onTried("typed");
  }
}
