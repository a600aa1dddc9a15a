/**
 * How does the Volunteer's page receive a photograph? One at a time, asked for, and of a size that
 * the other page has said before.
 */

/** @import { Between, Photo } from "./words_between.js" */

import { sizeOfJpeg } from "./jpeg.js";
import { Arriving, MOST_PIXELS, readPiece } from "./photo.js";

// The person may think for half a minute, and a connection may have to come back.
const PATIENCE_MS = 75_000;
// Where pieces come quickly, not each of them is worth a message.
const EACH_PIECES = 2;
const EACH_MS = 50;

/**
 * @typedef {{
 *   say: (message: Between) => boolean,
 *   onProgress: (share: number | null) => void,
 *   onPhoto: (photo: Blob) => Promise<boolean>,
 *   onDone: (arrived: boolean) => void,
 *   later?: (run: () => void, ms: number) => number,
 *   now_ms?: () => number,
 * }} ReceiverParts `onPhoto`: show it; whether it could be shown
 */

export class PhotoReceiver {
  /** @type {Arriving | null} */
  #arriving = null;
  #wanted = false;
  #timer = 0;
  #told_ms = 0;

  /** @param {ReceiverParts} parts */
  constructor(parts) {
    this.parts = {
      later: (/** @type {() => void} */ run, /** @type {number} */ ms) => Number(setTimeout(run, ms)),
      now_ms: () => performance.now(),
      ...parts,
    };
  }

  get busy() {
    return this.#wanted;
  }

  /** @returns {boolean} whether it could be asked for */
  ask() {
    if (this.#wanted || !this.parts.say({ t: "photo.please" })) return false;
    this.#wanted = true;
    this.#wait();
    return true;
  }

  /** The answer was no. */
  refused() {
    if (!this.#arriving) this.clear();
  }

  /** @param {Photo} photo is on its way */
  comes({ id, bytes, width, height }) {
    if (!this.#wanted || this.#arriving || width * height > MOST_PIXELS) {
      this.parts.say({ t: "photo.stop", id });
      return;
    }
    this.#arriving = new Arriving(id, bytes);
    this.#wait();
    this.parts.onProgress(0);
  }

  /** @param {unknown} data */
  take(data) {
    const piece = readPiece(data);
    if (!piece) return;
    const arriving = this.#arriving;
    if (arriving?.id !== piece.id) {
      this.parts.say({ t: "photo.stop", id: piece.id });
      return;
    }
    const is = arriving.take(piece);
    if (is === "bad") return this.#fail();
    if (is === "again" || is === "old") this.#tell(arriving, is === "again");
    if (is !== "next") return;
    this.#wait();
    if (arriving.done) return void this.#whole(arriving);
    const quick = this.parts.now_ms() - this.#told_ms < EACH_MS;
    if (!quick || arriving.got % EACH_PIECES === 0) this.#tell(arriving, false);
    this.parts.onProgress(arriving.got / arriving.count);
  }

  /** @param {number} id the other page gave up */
  stopped(id) {
    if (this.#arriving?.id === id) this.#fail();
  }

  /** The other page has come, perhaps as a new one: it hears what we wait for. */
  introduced() {
    if (this.#arriving && !this.#arriving.done) this.#tell(this.#arriving, false);
  }

  /** The connection is a new one: what was on its way is lost. */
  reopened() {
    if (this.#arriving && !this.#arriving.done) this.#tell(this.#arriving, true);
  }

  /** The call, or the wait, is over. */
  clear() {
    clearTimeout(this.#timer);
    this.#arriving = null;
    this.#wanted = false;
    this.parts.onProgress(null);
  }

  /** @param {Arriving} arriving */
  async #whole(arriving) {
    const { bytes } = arriving;
    const size = sizeOfJpeg(bytes);
    const small = size !== null && size.width * size.height <= MOST_PIXELS;
    const shown = small && (await this.parts.onPhoto(new Blob([bytes], { type: "image/jpeg" })));
    if (this.#arriving !== arriving) return;
    if (!shown) return this.#fail();
    this.#tell(arriving, false);
    this.clear();
    this.parts.onDone(true);
  }

  #fail() {
    const id = this.#arriving?.id;
    if (id !== undefined) this.parts.say({ t: "photo.stop", id });
    this.clear();
    this.parts.onDone(false);
  }

  /**
   * @param {Arriving} arriving
   * @param {boolean} again
   */
  #tell({ id, got }, again) {
    this.#told_ms = this.parts.now_ms();
    this.parts.say({ t: "photo.got", id, count: got, again });
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = this.parts.later(() => this.#fail(), PATIENCE_MS);
  }
}
