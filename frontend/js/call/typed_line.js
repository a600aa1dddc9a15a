/**
 * How does a line get across while it is still being typed, and when is it heard?
 *
 * Each message holds the whole line as it stands, so that erasing is nothing special and a new
 * connection needs no history.
 */

// Together with the network this stays below the half second in which a letter should be there.
const EVERY_MS = 150;
// Whoever pauses for so long waits for an answer.
const PAUSE_MS = 3_000;

/** @param {() => void} run @param {number} ms */
const later = (run, ms) => Number(setTimeout(run, ms));

/** What this person is typing. */
export class OwnLine {
  #now = "";
  #sent = "";
  #timer = 0;

  /**
   * @param {{
   *   say: (message: {t: "typing", text: string}) => boolean,
   *   later?: (run: () => void, ms: number) => number,
   * }} parts
   */
  constructor(parts) {
    this.parts = { later, ...parts };
  }

  /** @param {string} text as it stands in the box; "" takes back what was shown */
  is(text) {
    this.#now = text;
    this.#timer ||= this.parts.later(() => this.#flush(), EVERY_MS);
  }

  /** It was sent as a whole: that message ends it on the other side. */
  ended() {
    this.#now = this.#sent = "";
  }

  /** A new connection: what it has not seen, it is shown. */
  reopened() {
    this.#sent = "";
    this.#flush();
  }

  #flush() {
    this.#timer = 0;
    if (this.#now === this.#sent) return;
    if (this.parts.say({ t: "typing", text: this.#now })) this.#sent = this.#now;
  }
}

/** What the other person is typing: shown letter by letter, heard once. */
export class TheirLine {
  #heard = "";
  #timer = 0;

  /**
   * @param {{
   *   show: (text: string) => void,
   *   hear: (text: string) => void,
   *   later?: (run: () => void, ms: number) => number,
   *   never?: (timer: number) => void,
   * }} parts `show` changes what nobody is interrupted by; `hear` announces
   */
  constructor(parts) {
    this.parts = { later, never: (/** @type {number} */ timer) => clearTimeout(timer), ...parts };
  }

  /** @param {string} text as it stands now */
  is(text) {
    const { show, never } = this.parts;
    never(this.#timer);
    show(text);
    if (text) this.#timer = this.parts.later(() => this.#paused(text), PAUSE_MS);
    else this.#heard = "";
  }

  /**
   * @param {string} text the whole line
   * @returns {string} what of it has not been heard yet
   */
  ended(text) {
    const rest = this.#unheard(text);
    this.clear();
    return rest;
  }

  clear() {
    this.parts.never(this.#timer);
    this.parts.show("");
    this.#heard = "";
  }

  /** @param {string} text */
  #paused(text) {
    const rest = this.#unheard(text);
    this.#heard = text;
    if (rest) this.parts.hear(rest);
  }

  /**
   * From the word on that was not finished then. Of a line that was changed where it had been
   * heard, all is news.
   * @param {string} text
   */
  #unheard(text) {
    const heard = this.#heard;
    if (!text.startsWith(heard)) return text;
    const inWord = /\S$/.test(heard) && /^\S/.test(text.slice(heard.length));
    return text.slice(inWord ? heard.lastIndexOf(" ") + 1 : heard.length).trim();
  }
}
