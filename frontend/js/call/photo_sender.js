/** How does the Requester's page send a photograph? Piece by piece, until the other page has all. */

/** @import { Between } from "./words_between.js" */
/** @import { Still } from "./still.js" */

import { Sending } from "./photo.js";

const TICK_MS = 8;
// More would stand in the browser's own queue, and words typed meanwhile behind it.
const MOST_UNSENT_BYTES = 65_536;

/**
 * @typedef {{
 *   say: (message: Between) => boolean,
 *   give: (piece: ArrayBuffer) => boolean,
 *   unsent: () => number,
 *   onProgress: (share: number | null) => void,
 *   onDone: (arrived: boolean) => void,
 * }} SenderParts `onProgress`: 0 to 1, null when nothing is on its way
 */

export class PhotoSender {
  /** @type {Sending | null} */
  #sending = null;
  #timer = 0;

  /** @param {SenderParts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  get busy() {
    return this.#sending !== null;
  }

  /** @param {Still} still */
  begin({ bytes, width, height }) {
    const id = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    this.#sending = new Sending(id, bytes, performance.now());
    this.parts.say({ t: "photo", id, bytes: bytes.byteLength, width, height });
    this.parts.onProgress(0);
    this.#timer = Number(setInterval(() => this.#pump(), TICK_MS));
  }

  /** @param {{id: number, count: number, again: boolean}} message what the other page has */
  got({ id, count, again }) {
    const sending = this.#sending;
    // One of before a reload: this page has nothing of it any more.
    if (sending?.id !== id) return void this.parts.say({ t: "photo.stop", id });
    sending.acknowledged(count, again, performance.now());
    if (sending.done) return this.#end(true);
    this.parts.onProgress(sending.got / sending.count);
    this.#pump();
  }

  /** The connection is a new one: what was on its way is lost. */
  reopened() {
    this.#sending?.back(performance.now());
  }

  /** @param {number} id the other page wants no more of it */
  stopped(id) {
    if (this.#sending?.id === id) this.#end(false);
  }

  /** Stop in the middle, and tell both. */
  giveUp() {
    if (!this.#sending) return;
    this.parts.say({ t: "photo.stop", id: this.#sending.id });
    this.#end(false);
  }

  /** The call is over: nothing of it stays. */
  clear() {
    clearInterval(this.#timer);
    this.#sending = null;
    this.parts.onProgress(null);
  }

  #pump() {
    const sending = this.#sending;
    const now_ms = performance.now();
    if (!sending) return;
    if (sending.stalled(now_ms)) return this.giveUp();
    while (this.parts.unsent() < MOST_UNSENT_BYTES) {
      const piece = sending.next(now_ms);
      if (!piece || !this.parts.give(piece)) return;
    }
  }

  /** @param {boolean} arrived */
  #end(arrived) {
    this.clear();
    this.parts.onDone(arrived);
  }
}
