/** What can the Volunteer do: with their microphone, and with the other person's light? */

/**
 * @import { Client } from "../protocol.js"
 * @import { Saying } from "../state/says.js"
 * @import { Between, Text, Theirs } from "./words_between.js"
 * @import { DeviceTrouble } from "./devices.js"
 */

import { openMicrophone, permission } from "./devices.js";
import { listen } from "./level.js";
import { Meeting } from "./meeting.js";
import { UNSAID, heard } from "./words_between.js";

/**
 * @typedef {{
 *   send: (message: Client) => boolean,
 *   onTrack: (track: MediaStreamTrack) => void,
 *   onTheirs: (theirs: Theirs, muted: boolean) => void,
 *   onText: (message: Text) => void,
 *   tell: (saying: Saying) => void,
 * }} SideParts
 */

export class VolunteerSide {
  #theirs = UNSAID;
  #muted = false;
  #speaking = false;
  /** @type {Promise<unknown> | null} */
  #opening = null;

  /** @param {SideParts} parts */
  constructor(parts) {
    this.parts = parts;
    const { send, onTrack } = parts;
    const onBetween = (/** @type {Between} */ message) => this.#heard(message);
    this.meeting = new Meeting({ send, onTrack, onBetween, onOpen: () => this.introduce() });
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
   */
  async join(help_request, accepted) {
    this.#speaking = accepted;
    const opening = (this.#opening ??= this.#openMicrophone());
    await opening;
    // Meanwhile the ring may have ended, or have been accepted.
    if (this.#opening === opening) this.meeting.be(help_request, this.#speaking);
    this.#unmute();
  }

  /** First of all: nothing is captured any more. */
  hush() {
    this.#opening = null;
    this.#speaking = false;
    this.#muted = false;
    this.meeting.release();
  }

  leave() {
    this.hush();
    this.meeting.be(null, false);
    this.#set(UNSAID);
  }

  introduce() {
    this.meeting.say({ t: "mic", muted: this.#muted });
  }

  mute() {
    this.#muted = !this.#muted;
    this.#unmute();
    this.#set(this.#theirs);
    this.introduce();
    this.parts.tell({ key: this.#muted ? "act.muted" : "act.unmuted", topic: "act" });
  }

  light() {
    this.meeting.say({ t: "light", on: !this.#theirs.light });
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
  }

  #unmute() {
    const { microphone } = this.meeting.tracks;
    if (microphone) microphone.enabled = this.#speaking && !this.#muted;
  }

  /** @param {Between} message */
  #heard(message) {
    if (message.t === "text") this.parts.onText(message);
    const before = this.#theirs;
    this.#set(heard(before, message));
    for (const key of changes(before, this.#theirs)) this.parts.tell({ key, topic: key });
  }

  /** @param {Theirs} theirs */
  #set(theirs) {
    this.#theirs = theirs;
    this.parts.onTheirs(theirs, this.#muted);
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
  if (before.paused !== after.paused) said.push(after.paused ? "theirs.paused" : "theirs.resumed");
  if (before.muted !== after.muted) said.push(after.muted ? "theirs.muted" : "theirs.unmuted");
  return said;
}
