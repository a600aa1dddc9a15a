/** Is anybody else free, if this Volunteer handed over as they have chosen just now? */

/**
 * @import { CallFree, Client, FreeGet, Topic } from "../protocol.js"
 * @import { Saying } from "../state/says.js"
 * @import { HandWish } from "./handing.js"
 * @typedef {Pick<Saying, "key" | "params">} FreeLine
 */

/** From here on nobody minds how many; the house counts a little further. */
const MANY = 10;

export class Free {
  /** @type {FreeGet | null} what the house was asked, whether it has answered or not */
  #asked = null;

  /** @type {(line: FreeLine | null) => void} null: nothing is known of what is chosen now */
  onLine = () => undefined;

  /** @param {{send: (message: Client) => boolean, help: () => string | null}} parts `help`: whom they help */
  constructor(parts) {
    this.parts = parts;
  }

  /** @param {HandWish | null} wish what they think of; null: of nothing any more */
  think(wish) {
    const asks = wish && question(this.parts.help(), wish);
    if (asks && this.#asked && isSame(asks, this.#asked)) return;
    this.onLine(null);
    this.#asked = asks && this.parts.send(asks) ? asks : null;
  }

  /** @param {CallFree} message what comes late, for a choice or a call of before, says nothing of this one */
  heard(message) {
    if (!this.#asked || this.#asked.help_request !== this.parts.help()) return;
    if (isSame(message, this.#asked)) this.onLine(lineOf(message));
  }
}

/**
 * @param {string | null} help_request
 * @param {HandWish} wish
 * @returns {FreeGet | null} null while the language or the topic is still to be chosen
 */
function question(help_request, { why, what }) {
  if (!help_request || (why !== "must_go" && !what)) return null;
  const language = why === "language" ? what : null;
  const topic = why === "topic" ? /** @type {Topic} */ (what) : null;
  return { type: "free.get", help_request, language, topic };
}

/**
 * @param {FreeGet | CallFree} one
 * @param {FreeGet} other
 */
const isSame = (one, other) =>
  one.help_request === other.help_request && one.language === other.language && one.topic === other.topic;

/**
 * @param {CallFree} message
 * @returns {FreeLine}
 */
function lineOf({ language, topic, free, fit }) {
  if (free === 0 && language) return { key: "free.unspoken", params: { language } };
  if (free === 0) return { key: "free.none" };
  if (topic && fit === 0) return { key: "free.unfit" };
  const n = topic ? fit : free;
  return n >= MANY ? { key: "free.many" } : { key: "free.others", params: { n } };
}
