/** What can the Volunteer do: with their microphone, and with the other person's phone? */

/**
 * @import { Client } from "../protocol.js"
 * @import { Saying } from "../state/says.js"
 * @import { Wish } from "./consent.js"
 * @import { Word } from "./strain.js"
 * @import { Between, Denied, Note, Theirs, Typed } from "./words_between.js"
 * @import { DeviceTrouble } from "./devices.js"
 */

import { Capture } from "./capture.js";
import { openMicrophone, permission } from "./devices.js";
import { Handing } from "./handing.js";
import { listen } from "./level.js";
import { Meeting } from "./meeting.js";
import { PhotoReceiver } from "./photo_receiver.js";
import { Strain } from "./strain.js";
import { UNSAID, heard, isTyped } from "./words_between.js";

/**
 * @typedef {{muted: boolean, asking: boolean, waiting: Wish | null, strain: Word}} Mine `asking`:
 *   for a photo; `waiting`: for their word about that
 * @typedef {{
 *   send: (message: Client) => boolean,
 *   onTrack: (track: MediaStreamTrack) => void,
 *   onTheirs: (theirs: Theirs, mine: Mine) => void,
 *   onTyped: (message: Typed) => void,
 *   onOpened: () => void,
 *   onParted: () => void,
 *   onPhoto: (photo: Blob) => Promise<boolean>,
 *   onProgress: (share: number | null) => void,
 *   onNote: (note: Note | null) => void,
 *   tell: (saying: Saying) => void,
 * }} SideParts `onPhoto`: show it, and say whether it could be shown; `onProgress`: how much of one
 *   is there, null while none is on its way
 */

export class VolunteerSide {
  #theirs = UNSAID;
  #muted = false;
  #speaking = false;
  /** They were asked whether we may zoom their camera, or have refused: ours goes on alone. */
  #ownZoom = false;
  /** Somebody helped before, and handed over: so says the house, and only then a note is shown. */
  #handed = false;
  /** What they have been asked for and have not answered yet. @type {Wish | null} */
  #waiting = null;
  /** @type {Promise<unknown> | null} */
  #opening = null;

  /** @param {SideParts} parts */
  constructor(parts) {
    this.parts = parts;
    const { send, onTrack } = parts;
    const onBetween = (/** @type {Between} */ message) => this.#heard(message);
    const onPiece = (/** @type {unknown} */ data) => this.photo.take(data);
    this.strain = new Strain({
      ask: () => send({ type: "snapshot.get" }),
      onWord: () => this.#set(this.#theirs),
      tell: (key) => parts.tell({ key, topic: "strain" }),
    });
    this.meeting = new Meeting({
      send, onTrack, onBetween, onPiece, onOpen: () => this.#opened(),
      onQuality: (quality) => this.strain.measured(quality, this.#theirs.paused === false),
    });
    this.capture = new Capture({
      open: () => openMicrophone(),
      onAway: () => this.#microphoneIs("stopped", "lost"),
      onBack: (_, fresh) => void this.#microphoneBack(fresh),
      onGone: () => this.#microphoneGone(),
    });
    this.handing = new Handing({ send, say: (message) => this.meeting.say(message), tell: parts.tell });
    this.photo = new PhotoReceiver({
      say: (message) => this.meeting.say(message),
      onProgress: (share) => this.#progress(share),
      onPhoto: parts.onPhoto,
      onDone: (arrived) => this.#told(arrived ? "photo.here" : "photo.failed"),
    });
  }

  /**
   * Open the microphone, listen, let go of it again.
   * @param {(level: number) => void} onLevel
   * @returns {Promise<{trouble: DeviceTrouble | null, heard: boolean, asksAgain: boolean}>}
   */
  async test(onLevel) {
    const track = await openMicrophone();
    if (typeof track === "string") return { trouble: track, heard: false, asksAgain: false };
    const sound = await listen(track, onLevel);
    track.stop();
    const asksAgain = (await permission("microphone")) !== "granted";
    return { trouble: null, heard: sound, asksAgain };
  }

  /**
   * A ring is shown: open the microphone, muted, and warm the connection.
   * @param {string} help_request
   * @param {boolean} accepted
   * @param {boolean} handed another Volunteer handed over
   */
  async join(help_request, accepted, handed = false) {
    this.#speaking = accepted;
    this.#handed = handed;
    const opening = (this.#opening ??= this.#openMicrophone());
    this.meeting.ready = opening;
    // Where nobody is asked for the microphone it opens in a moment: the line is asked for meanwhile.
    const isMine = (await permission("microphone")) === "granted" && this.#opening === opening;
    if (isMine) this.meeting.be(help_request, this.#speaking);
    await opening;
    // Meanwhile the ring may have ended, or have been accepted.
    if (this.#opening === opening) this.meeting.be(help_request, this.#speaking);
    this.#unmute();
  }

  /** First of all: nothing is captured any more. */
  hush() {
    this.#opening = null;
    this.#speaking = this.#handed = false;
    this.#muted = false;
    this.#ownZoom = false;
    this.#waiting = null;
    this.strain.clear();
    this.photo.clear();
    this.handing.clear();
    this.parts.onNote(null);
    this.capture.hold("microphone", null);
    this.parts.onParted();
    this.meeting.release();
  }

  leave() {
    this.hush();
    this.meeting.be(null, false);
    this.#set(UNSAID);
  }

  introduce() {
    this.meeting.say({ t: "mic", muted: this.#muted || this.capture.isAway("microphone") });
  }

  #opened() {
    this.introduce();
    this.photo.reopened();
    this.parts.onOpened();
  }

  async mute() {
    if (this.#muted && !(await this.#restored())) return this.#microphoneIs("gone");
    this.#muted = !this.#muted;
    this.#unmute();
    this.#set(this.#theirs);
    this.introduce();
    this.parts.tell({ key: this.#muted ? "act.muted" : "act.unmuted", topic: "act" });
  }

  light() {
    this.meeting.say({ t: "light", on: !this.#theirs.light });
  }

  /** "Switch their camera". */
  lens() {
    this.meeting.say({ t: "lens" });
  }

  /**
   * @param {number | null} times that their camera would have to zoom
   * @returns {boolean} whether it was asked to
   */
  zoom(times) {
    const { may, paused } = this.#theirs;
    if (times === null || this.#ownZoom || paused || may.zoom === "never") return false;
    return this.meeting.say({ t: "zoom", times });
  }

  /** "Take sharp photo". */
  takePhoto() {
    if (this.photo.busy) return;
    const { may, paused } = this.#theirs;
    if (paused) return this.#told("denied.paused");
    if (!this.photo.ask()) return this.#told("photo.failed");
    this.#set(this.#theirs);
    if (may.photo === "allow") this.#told("photo.asked");
  }

  /** @param {number | null} share */
  #progress(share) {
    this.parts.onProgress(share);
    this.#set(this.#theirs);
  }

  /** @param {string} key */
  #told(key) {
    this.parts.tell({ key, topic: "photo" });
  }

  async #openMicrophone() {
    const track = await openMicrophone();
    if (typeof track === "string") {
      this.parts.tell({ key: `trouble.microphone.${track}`, assertive: true });
      return;
    }
    if (!this.#opening) return track.stop();
    track.enabled = false;
    this.meeting.tracks = { camera: null, microphone: track };
    this.capture.hold("microphone", track);
  }

  /** @param {MediaStreamTrack | null} fresh */
  async #microphoneBack(fresh) {
    if (fresh) await this.#renew(fresh);
    this.introduce();
    this.#microphoneIs("back", "back");
  }

  /** Only the person can bring it back: by "Unmute microphone". */
  #microphoneGone() {
    this.#muted = true;
    this.#set(this.#theirs);
    this.introduce();
    this.#microphoneIs("gone");
  }

  /** @returns {Promise<boolean>} whether it is there, opened anew if it was lost */
  async #restored() {
    if (this.meeting.tracks.microphone?.readyState === "live") return true;
    const fresh = await openMicrophone();
    if (typeof fresh !== "string") await this.#renew(fresh);
    return typeof fresh !== "string";
  }

  /** @param {MediaStreamTrack} fresh */
  async #renew(fresh) {
    fresh.enabled = this.#speaking && !this.#muted;
    this.capture.hold("microphone", fresh);
    await this.meeting.replace("audio", fresh);
  }

  /**
   * @param {"stopped" | "back" | "gone"} how
   * @param {"lost" | "back"} [tone]
   */
  #microphoneIs(how, tone) {
    const key = `act.microphone_${how}`;
    this.parts.tell({ key, assertive: true, topic: "act", ...(tone ? { tone } : {}) });
  }

  #unmute() {
    const { microphone } = this.meeting.tracks;
    if (microphone) microphone.enabled = this.#speaking && !this.#muted;
  }

  /** @param {Between} message */
  #heard(message) {
    if (isTyped(message)) this.parts.onTyped(message);
    // What is still on its way when the call is over is for nobody.
    if (message.t === "note" && this.#speaking && this.#handed) this.parts.onNote(message);
    this.handing.heard(message);
    if (message.t === "asked") this.#asked(message.control);
    if (message.t === "no") this.#denied(message);
    if (message.t === "photo") this.photo.comes(message);
    if (message.t === "photo.stop") this.photo.stopped(message.id);
    if (message.t === "may") this.photo.introduced();
    if (message.t === "zoom.is" && message.times !== this.#theirs.times) this.#ownZoom = false;
    const before = this.#theirs;
    if (this.#waiting && answers(this.#waiting, message, before)) this.#waiting = null;
    this.#set(heard(before, message));
    for (const key of changes(before, this.#theirs)) this.parts.tell({ key, topic: key });
  }

  /** @param {Wish} control */
  #asked(control) {
    if (control === "zoom") this.#ownZoom = true;
    this.#waiting = control;
    this.parts.tell({ key: `asked.${control}`, topic: "consent" });
  }

  /** @param {Denied} message */
  #denied({ control, why }) {
    if (control === "photo") this.photo.refused();
    if (control === "zoom") this.#ownZoom = true;
    this.parts.tell({ key: `denied.${why}`, topic: "consent" });
  }

  /** @param {Theirs} theirs */
  #set(theirs) {
    this.#theirs = theirs;
    const [muted, waiting, strain] = [this.#muted, this.#waiting, this.strain.word];
    this.parts.onTheirs(theirs, { muted, asking: this.photo.busy, waiting, strain });
  }
}

/**
 * @param {Theirs} before
 * @param {Theirs} after
 * @returns {string[]} keys of sentences
 */
export function changes(before, after) {
  const said = [];
  if (before.light !== after.light) said.push(after.light ? "theirs.light_on" : "theirs.light_off");
  if (before.paused === null && after.paused) said.push("picture.paused");
  else if (!before.paused !== !after.paused) said.push(after.paused ? "theirs.paused" : "theirs.resumed");
  if (before.muted !== after.muted) said.push(after.muted ? "theirs.muted" : "theirs.unmuted");
  return said;
}

/**
 * Has something been done, or refused, that they were asked for?
 * @param {Wish} control
 * @param {Between} message
 * @param {Theirs} before
 */
export function answers(control, message, before) {
  switch (message.t) {
    case "no":
      return message.control === control;
    case "photo":
      return control === "photo";
    case "hand.yes":
      return control === "hand";
    case "light.is":
      return control === "light" && message.on !== before.light;
    case "zoom.is":
      return control === "zoom" && message.times !== before.times;
    case "lens.is":
      return control === "lens";
    default:
      return false;
  }
}
