/**
 * What took the camera or the microphone away, and how does it come back?
 *
 * A phone call, a lock, another app: the system ends a track, or mutes it. It may give it back by
 * itself; if not, a fresh one is opened, but only by a page that is in sight: a hidden one gets
 * none, and on some phones loses what it has.
 */

/**
 * @import { DeviceTrouble } from "./devices.js"
 * @typedef {"camera" | "microphone"} Device
 * @typedef {{
 *   open: (device: Device) => Promise<MediaStreamTrack | DeviceTrouble>,
 *   onAway: (device: Device) => void,
 *   onBack: (device: Device, fresh: MediaStreamTrack | null) => void,
 *   onGone: (device: Device) => void,
 *   page?: Pick<Document, "visibilityState" | "addEventListener">,
 *   later?: (run: () => void, ms: number) => number,
 *   never?: (timer: number) => void,
 * }} CaptureParts `onBack` brings the track that takes the old one's place, or null where that one
 *   came back by itself; `onGone`: only the person can bring it back now
 * @typedef {{track: MediaStreamTrack, began: boolean, away: boolean, opening: boolean, tries: number,
 *   timer: number}} Held
 */

// Browsers mute a track for a moment now and then: what heals by itself is nobody's business.
const HEAL_MS = 1_000;
// A headset may take a while until its first sound comes.
const BEGIN_MS = 5_000;
const AGAIN_MS = 3_000;
// A phone call may last; whoever still holds the device after a minute of trying keeps it.
const MOST_TRIES = 20;

/** Watches what is captured, and has it back as soon as it may. */
export class Capture {
  /** @type {Partial<Record<Device, Held>>} */
  #held = {};

  /** @param {CaptureParts} parts */
  constructor(parts) {
    this.parts = {
      page: globalThis.document,
      later: (/** @type {() => void} */ run, /** @type {number} */ ms) => Number(setTimeout(run, ms)),
      never: (/** @type {number} */ timer) => clearTimeout(timer),
      ...parts,
    };
    this.parts.page.addEventListener("visibilitychange", () => this.#seen());
  }

  /**
   * @param {Device} device
   * @param {MediaStreamTrack | null} track watched from now on in the place of the one before
   */
  hold(device, track) {
    this.parts.never(this.#held[device]?.timer ?? 0);
    delete this.#held[device];
    // One that was closed while it was on its way here, was closed by us: the call is over by now.
    if (!track || track.readyState === "ended") return;
    this.#held[device] = { track, began: false, away: false, opening: false, tries: 0, timer: 0 };
    const look = () => this.#held[device]?.track === track && this.#look(device);
    for (const type of ["ended", "mute", "unmute"]) track.addEventListener(type, look);
    look();
  }

  /** @param {Device} device was it taken from us, and is not back yet? */
  isAway(device) {
    return this.#held[device]?.away ?? false;
  }

  /** The page is in sight again: what is missing is fetched now, not at the next beat. */
  #seen() {
    for (const device of /** @type {Device[]} */ (Object.keys(this.#held))) this.#look(device);
  }

  /** @param {Device} device */
  #look(device) {
    const held = this.#held[device];
    if (!held) return;
    this.parts.never(held.timer);
    if (!lost(held.track)) return this.#well(device, held);
    if (held.track.readyState === "ended") return this.#missed(device, held);
    const patience_ms = held.began ? HEAL_MS : BEGIN_MS;
    held.timer = this.parts.later(() => this.#missed(device, held), patience_ms);
  }

  /**
   * @param {Device} device
   * @param {Held} held
   */
  #well(device, held) {
    held.began = true;
    if (!held.away) return;
    held.away = false;
    held.tries = 0;
    this.parts.onBack(device, null);
  }

  /**
   * @param {Device} device
   * @param {Held} held
   */
  #missed(device, held) {
    if (!held.away) {
      held.away = true;
      this.parts.onAway(device);
    }
    if (held.opening || this.parts.page.visibilityState !== "visible") return;
    void this.#fetch(device, held);
  }

  /**
   * @param {Device} device
   * @param {Held} held
   */
  async #fetch(device, held) {
    held.tries += 1;
    held.opening = true;
    const fresh = await this.parts.open(device);
    held.opening = false;
    // Meanwhile the call may have ended, or the person have paused the camera.
    if (this.#held[device] !== held) return void (typeof fresh !== "string" && fresh.stop());
    if (typeof fresh !== "string") return this.#fetched(device, held, fresh);
    const hopeless = fresh === "refused" || fresh === "none" || held.tries >= MOST_TRIES;
    if (hopeless) return this.#gone(device);
    held.timer = this.parts.later(() => this.#missed(device, held), AGAIN_MS);
  }

  /**
   * @param {Device} device
   * @param {Held} held
   * @param {MediaStreamTrack} fresh
   */
  #fetched(device, held, fresh) {
    if (lost(fresh)) {
      fresh.stop();
      if (held.tries >= MOST_TRIES) return this.#gone(device);
      held.timer = this.parts.later(() => this.#missed(device, held), AGAIN_MS);
      return;
    }
    this.hold(device, fresh);
    this.parts.onBack(device, fresh);
  }

  /** @param {Device} device */
  #gone(device) {
    this.hold(device, null);
    this.parts.onGone(device);
  }
}

/** @param {MediaStreamTrack} track */
const lost = (track) => track.readyState === "ended" || track.muted;
