/**
 * How does a photograph get across? In pieces that are numbered, paced and acknowledged.
 *
 * It shares the way with typed words and voice, so the sender lets only so many pieces run ahead
 * of the receiver's acknowledgements as the way carries without a queue. The channel keeps the
 * order, but when one of the two connections is replaced, whatever was on its way is lost, in both
 * directions: then the sender goes back to the last piece that it knows to be there.
 */

export const MOST_BYTES = 12_000_000;
export const MOST_PIXELS = 16_000_000; // the largest canvas of an iPhone
export const PIECE_BYTES = 16_240; // fourteen full packets of the relay's SCTP
const HEAD_BYTES = 8;
const BODY_BYTES = PIECE_BYTES - HEAD_BYTES;
const PACE_BYTES_MS = 1_000; // 8 Mbit/s
const MOST_SAVED_MS = 50; // what was not used in time is not caught up with
const FIRST_AHEAD = 2;
const MOST_AHEAD = 32;
const QUEUE_MS = 200; // so much later than at best: pieces stand in a queue somewhere
const AGAIN_MS = 3_000; // so long without a word: what was sent, or its acknowledgement, is lost
const STALL_MS = 60_000; // as long as a person waits for a connection to come back

/** @param {number} bytes */
export const piecesOf = (bytes) => Math.ceil(bytes / BODY_BYTES);

/**
 * @param {unknown} data
 * @returns {{id: number, index: number, body: Uint8Array} | null} null for what is no piece
 */
export function readPiece(data) {
  if (!(data instanceof ArrayBuffer)) return null;
  if (data.byteLength <= HEAD_BYTES || data.byteLength > PIECE_BYTES) return null;
  const head = new DataView(data);
  return { id: head.getUint32(0), index: head.getUint32(4), body: new Uint8Array(data, HEAD_BYTES) };
}

/** A photograph on its way out. Its owner asks `next` what may leave now. */
export class Sending {
  #next = 0;
  #got = 0;
  #ahead = FIRST_AHEAD;
  #saved_bytes = PIECE_BYTES;
  #at_ms;
  #moved_ms;
  #heard_ms;
  #best_ms = Infinity;
  /** Pieces before this one left under the wider window: that they were late is known. */
  #narrowed = 0;
  /** @type {number[]} when each piece left, by its number */
  #left_ms = [];

  /**
   * @param {number} id
   * @param {ArrayBuffer} bytes
   * @param {number} now_ms
   */
  constructor(id, bytes, now_ms) {
    this.id = id;
    this.bytes = bytes;
    this.count = piecesOf(bytes.byteLength);
    this.#at_ms = this.#moved_ms = this.#heard_ms = now_ms;
  }

  get got() {
    return this.#got;
  }

  get done() {
    return this.#got === this.count;
  }

  /** Nothing was acknowledged for so long that it will not be. @param {number} now_ms */
  stalled(now_ms) {
    return now_ms - this.#moved_ms > STALL_MS;
  }

  /**
   * @param {number} now_ms
   * @returns {ArrayBuffer | null} the piece that may leave now; null to wait
   */
  next(now_ms) {
    const most = MOST_SAVED_MS * PACE_BYTES_MS;
    this.#saved_bytes = Math.min(most, this.#saved_bytes + (now_ms - this.#at_ms) * PACE_BYTES_MS);
    this.#at_ms = now_ms;
    if (this.#next > this.#got && now_ms - this.#heard_ms > AGAIN_MS) this.back(now_ms);
    if (this.#next === this.count || this.#next - this.#got >= this.#ahead) return null;
    if (this.#saved_bytes < PIECE_BYTES) return null;
    this.#saved_bytes -= PIECE_BYTES;
    this.#left_ms[this.#next] = now_ms;
    return this.#piece(this.#next++);
  }

  /**
   * @param {number} count so many pieces are there
   * @param {boolean} again the one after them is missed
   * @param {number} now_ms
   */
  acknowledged(count, again, now_ms) {
    if (count > this.#next || count < this.#got) return;
    if (count > this.#got) this.#learn(count, now_ms - (this.#left_ms[count - 1] ?? now_ms));
    if (count > this.#got) this.#moved_ms = now_ms;
    this.#got = count;
    this.#heard_ms = now_ms;
    if (again) this.back(now_ms);
  }

  /**
   * What is not acknowledged is lost: the connection is a new one.
   * @param {number} now_ms
   */
  back(now_ms) {
    this.#next = this.#got;
    this.#heard_ms = now_ms;
  }

  /**
   * More may run ahead while pieces come through as quickly as ever, half as many when they queue:
   * once for each time they do, or one hiccup of a busy phone would slow it to a crawl.
   * @param {number} count
   * @param {number} took_ms
   */
  #learn(count, took_ms) {
    this.#best_ms = Math.min(this.#best_ms, took_ms);
    if (took_ms - this.#best_ms <= QUEUE_MS) {
      this.#ahead = Math.min(MOST_AHEAD, this.#ahead + 0.5);
    } else if (count > this.#narrowed) {
      this.#ahead = Math.max(1, this.#ahead / 2);
      this.#narrowed = this.#next;
    }
  }

  /** @param {number} index */
  #piece(index) {
    const from = index * BODY_BYTES;
    const body = new Uint8Array(this.bytes, from, Math.min(BODY_BYTES, this.bytes.byteLength - from));
    const piece = new Uint8Array(HEAD_BYTES + body.length);
    const head = new DataView(piece.buffer);
    head.setUint32(0, this.id);
    head.setUint32(4, index);
    piece.set(body, HEAD_BYTES);
    return piece.buffer;
  }
}

/** A photograph on its way in, from a page that is not trusted. */
export class Arriving {
  #next = 0;
  #missed = false;

  /**
   * @param {number} id
   * @param {number} bytes as the other page said, at most MOST_BYTES
   */
  constructor(id, bytes) {
    this.id = id;
    this.bytes = new Uint8Array(bytes);
    this.count = piecesOf(bytes);
  }

  get got() {
    return this.#next;
  }

  get done() {
    return this.#next === this.count;
  }

  /**
   * @param {{index: number, body: Uint8Array}} piece
   * @returns {"next" | "old" | "again" | "ahead" | "bad"} "old": an acknowledgement was lost;
   *   "again": ask for the one that is missed; "ahead": it was asked for already
   */
  take({ index, body }) {
    if (index < this.#next) return "old";
    if (index > this.#next) {
      const told = this.#missed;
      this.#missed = true;
      return told ? "ahead" : "again";
    }
    const from = index * BODY_BYTES;
    if (index >= this.count || body.length !== Math.min(BODY_BYTES, this.bytes.length - from)) return "bad";
    this.bytes.set(body, from);
    this.#next += 1;
    this.#missed = false;
    return "next";
  }
}
