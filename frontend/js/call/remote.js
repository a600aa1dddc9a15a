/** What does the Volunteer wish this phone to do, and does it? The person decides, and hears of it. */

/**
 * @import { Control, May } from "../state/mine.js"
 * @import { Saying } from "../state/says.js"
 * @import { Camera } from "./camera.js"
 * @import { Consent, No } from "./consent.js"
 * @import { PhotoSender } from "./photo_sender.js"
 * @import { Still } from "./still.js"
 * @import { Between } from "./words_between.js"
 * @typedef {{
 *   camera: Pick<Camera, "seen" | "track" | "setLight" | "setTimes" | "nextLens" | "again">, consent: Consent, photo: PhotoSender, may: () => May,
 *   still: (camera: MediaStreamTrack) => Promise<Still | null>,
 *   say: (message: Between) => boolean,
 *   tell: (saying: Saying) => void,
 * }} RemoteParts
 */

export class Remote {
  #shooting = false;

  /** @param {RemoteParts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {Between} message */
  heard(message) {
    if (message.t === "light") void this.#light(message.on);
    if (message.t === "zoom") void this.#zoom(message.times);
    if (message.t === "lens") void this.#lens();
    if (message.t === "photo.please") void this.#photo();
  }

  /**
   * Whether the Volunteer may; they hear what becomes of their wish.
   * @param {Control} control
   */
  async #may(control) {
    const { camera, consent, tell } = this.parts;
    if (camera.seen.is !== "on") return this.#deny(control, "paused");
    const said = await consent.wish(control);
    if (said === "unanswered") tell({ key: "consent.unanswered", topic: "consent" });
    if (said !== "yes") return this.#deny(control, said);
    // The person may have paused the camera instead of an answer.
    return camera.seen.is === "on" || this.#deny(control, "paused");
  }

  /**
   * @param {Control} control
   * @param {No | "paused" | "failed"} why
   */
  #deny(control, why) {
    this.parts.say({ t: "no", control, why });
    return false;
  }

  /** @param {boolean} on to turn it off again needs no question */
  async #light(on) {
    const { camera, may, tell } = this.parts;
    if (on === camera.seen.light || !camera.seen.able) return;
    if (on ? !(await this.#may("light")) : may().light === "never") return;
    if (!(await camera.setLight(on))) return void this.#deny("light", "failed");
    tell({ key: on ? "remote.light_on" : "remote.light_off", assertive: true });
  }

  /** @param {number} times */
  async #zoom(times) {
    const { camera, tell } = this.parts;
    if (camera.seen.most <= 1 || !(await this.#may("zoom"))) return;
    if (!(await camera.setTimes(times))) return void this.#deny("zoom", "failed");
    const now = Math.round(camera.seen.times * 10) / 10;
    tell({ key: "remote.zoom", params: { times: now }, assertive: true, topic: "zoom" });
  }

  async #lens() {
    const { camera, tell } = this.parts;
    if (camera.seen.lenses.length < 2 || !(await this.#may("lens"))) return;
    if (await camera.nextLens()) return void this.#deny("lens", "failed");
    const { lens, lenses } = camera.seen;
    const at = lenses.findIndex(({ id }) => id === lens) + 1;
    tell({ key: "remote.lens", params: { at, of: lenses.length }, assertive: true, topic: "act" });
  }

  async #photo() {
    const { camera, photo, still: take, tell } = this.parts;
    if (this.#shooting || photo.busy) return this.#deny("photo", "busy");
    if (!(await this.#may("photo"))) return;
    if (this.#shooting || !camera.track) return this.#deny("photo", "busy");
    this.#shooting = true;
    tell({ key: "photo.taking", assertive: true, tone: "photo" });
    const still = await take(camera.track).catch(() => null); // its script may not come
    this.#shooting = false;
    if (camera.seen.light) void camera.again();
    // The call may be over by now, or the person may have paused the camera.
    if (still && camera.seen.is === "on") return photo.begin(still);
    tell({ key: "photo.unsent", topic: "photo" });
    this.#deny("photo", "failed");
  }
}
