/**
 * What does this phone's camera do: is it on, through which lens, with light, how near?
 *
 * A camera that is paused is closed, so that the phone's own sign goes out and nothing at all is
 * sent; so is one that has not been turned on yet. It comes back through the same lens.
 */

/**
 * @import { Mine } from "../state/mine.js"
 * @import { DeviceTrouble, Opened } from "./devices.js"
 * @import { Lens } from "./lens.js"
 * @import { Meeting } from "./meeting.js"
 * @typedef {"on" | "paused" | "off" | "none"} Being `off`: not turned on yet; `none`: there is none
 * @typedef {{is: Being, light: boolean, able: boolean, times: number, most: number, lenses: Lens[],
 *   lens: string, cameras: number}} Seen `able`: it has a light; `most`: times that it can zoom;
 *   `lens`: the id of the one in use
 * @typedef {{
 *   meeting: Pick<Meeting, "tracks" | "replace">,
 *   mine: {get: () => Pick<Mine, "camera" | "lens">, change: (change: {lens: string}) => unknown},
 *   hold: (track: MediaStreamTrack | null) => void,
 *   onChange: () => void,
 * }} CameraParts `hold`: watch that the system leaves us this one
 */

import * as devices from "./devices.js";
import { hasLight, hold, listCameras, mostTimes, rearLenses } from "./lens.js";

/** @type {Seen} */
const CLOSED = {
  is: "none", light: false, able: false, times: 1, most: 1, lenses: [], lens: "", cameras: 0,
};

export class Camera {
  /** @type {Seen} */
  seen = CLOSED;
  #busy = false;
  #round = 0;

  /** @param {CameraParts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  get track() {
    return this.parts.meeting.tracks.camera;
  }

  /** @returns {Promise<Opened>} the microphone as well: together they are one question */
  async open() {
    const { mine, meeting } = this.parts;
    const { camera: wanted, lens } = mine.get();
    const opened = await (wanted === "on" ? devices.openBoth(lens) : devices.openVoice());
    const { camera, microphone } = opened;
    meeting.tracks = { camera, microphone };
    this.seen = { ...CLOSED, is: wanted === "on" ? "none" : "off", lens };
    if (camera) await this.#found(camera);
    else this.parts.onChange();
    return opened;
  }

  /** Nothing is captured from here on. */
  close() {
    this.#round += 1;
    this.parts.hold(null);
    this.#set(CLOSED);
  }

  async pause() {
    const { is } = this.seen;
    if (is === "none") return;
    this.#round += 1;
    this.#stop();
    this.#set({ ...this.seen, is: is === "off" ? is : "paused", light: false, able: false, times: 1, most: 1 });
    await this.parts.meeting.replace("video", null);
  }

  /** @returns {Promise<DeviceTrouble | null>} why it could not be turned on */
  async resume() {
    return this.#turnTo(() => this.fresh());
  }

  /** @returns {Promise<MediaStreamTrack | DeviceTrouble>} through the same lens, if it is there */
  async fresh() {
    const { lens } = this.seen;
    const same = lens ? await devices.openLens(lens) : "none";
    return typeof same === "string" ? devices.openCamera("", same) : same;
  }

  /** @param {MediaStreamTrack} track in the place of the one before */
  async take(track) {
    await this.parts.meeting.replace("video", track);
    await this.#found(track);
  }

  /**
   * @param {string} id of a lens; one that is closed opens through it the next time
   * @param {boolean} kept by the person's own hand: the next call begins with it
   * @returns {Promise<DeviceTrouble | null>}
   */
  async choose(id, kept) {
    if (kept) this.#remember(id);
    if (this.seen.is === "on") return this.#turnTo(() => devices.openLens(id));
    this.#set({ ...this.seen, lens: id });
    return null;
  }

  /** The one after this in the phone's list, front or rear. */
  async next() {
    return this.#after((await listCameras()).map((each) => each.deviceId), true);
  }

  /** The next of those that do not look at the person. */
  async nextLens() {
    return this.#after(this.seen.lenses.map((each) => each.id), false);
  }

  /** @param {boolean} light */
  setLight(light) {
    return this.seen.able ? this.#hold({ light }) : Promise.resolve(false);
  }

  /** @param {number} times */
  setTimes(times) {
    const { most } = this.seen;
    return most > 1 ? this.#hold({ times: Math.min(most, Math.max(1, times)) }) : Promise.resolve(false);
  }

  /** As it is when nobody has changed anything. */
  async settle() {
    const { light, times } = this.seen;
    if (light || times > 1) await this.#hold({ light: false, times: 1 });
  }

  /** On some phones the light goes out with the shutter. */
  async again() {
    await this.#hold({});
  }

  /** @param {Partial<import("./lens.js").Setting>} change */
  async #hold(change) {
    const { track } = this;
    const { light, times } = { ...this.seen, ...change };
    const done = track !== null && (await hold(track, { light, times }));
    if (done && track === this.track) this.#set({ ...this.seen, light, times });
    return done;
  }

  /**
   * @param {string[]} ids
   * @param {boolean} kept
   */
  async #after(ids, kept) {
    const id = ids[(ids.indexOf(this.seen.lens) + 1) % ids.length];
    return id === undefined ? "none" : this.choose(id, kept);
  }

  /**
   * Some phones cannot open two at once, so the old one goes first.
   * @param {() => Promise<MediaStreamTrack | DeviceTrouble>} open
   * @returns {Promise<DeviceTrouble | null>}
   */
  async #turnTo(open) {
    if (this.#busy) return null;
    this.#busy = true;
    const round = this.#round;
    this.#stop();
    const track = await open();
    this.#busy = false;
    // The call may have ended, or the camera been paused, while the browser opened it.
    if (round !== this.#round) return typeof track === "string" ? null : (track.stop(), null);
    if (typeof track === "string") return this.pause().then(() => track);
    await this.take(track);
    return null;
  }

  /** @param {MediaStreamTrack} track */
  async #found(track) {
    this.parts.hold(track);
    const cameras = await listCameras();
    await hold(track, { light: false, times: 1 });
    if (track !== this.track) return;
    const lens = track.getSettings().deviceId ?? "";
    this.#set({
      is: "on", light: false, able: hasLight(track), times: 1, most: mostTimes(track),
      lenses: rearLenses(cameras), lens, cameras: cameras.length,
    });
  }

  /**
   * A call never begins with the camera that looks at the person.
   * @param {string} lens
   */
  #remember(lens) {
    if (this.seen.lenses.some(({ id }) => id === lens)) this.parts.mine.change({ lens });
  }

  #stop() {
    this.parts.hold(null);
    this.track?.stop();
  }

  /** @param {Seen} seen */
  #set(seen) {
    this.seen = seen;
    this.parts.onChange();
  }
}
