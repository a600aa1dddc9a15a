/**
 * Is the connection weak, and on whose side? In words, and seldom: nobody helps by watching figures.
 *
 * Each page measures its own way to the relay every five seconds. What a page hears of the other's
 * way comes from the house, asked for once when ours seems weak. How long the way to the relay takes
 * tells whose it is; packets that are lost on either way look the same from here.
 */

/**
 * @import { CallQuality, LegQuality } from "../protocol.js"
 * @typedef {"unknown" | "good" | "mine" | "theirs" | "between"} Word whose is weak, or that none is
 */

const SLOW_MS = 400;
const LOST = 0.05;
const FEW_FRAMES = 5;
// One bad look is a blip, and one good one no recovery.
const WEAK_LOOKS = 2;
const GOOD_LOOKS = 3;
const SELDOM_MS = 60_000;

export class Strain {
  /** @type {Word} */
  word = "unknown";
  /** Looks in a row that were weak, or with a minus that were good. */
  #run = 0;
  /** @type {LegQuality | null} */
  #mine = null;
  #told_ms = -Infinity;
  #told = false;

  /**
   * @param {{
   *   ask: () => void, onWord: () => void, tell: (key: string) => void, now_ms?: () => number,
   * }} parts `ask`: the house, how the other's way is
   */
  constructor({ now_ms = () => performance.now(), ...parts }) {
    this.parts = { now_ms, ...parts };
  }

  /**
   * @param {LegQuality} mine
   * @param {boolean} watching there should be a moving picture
   */
  measured(mine, watching) {
    this.#mine = mine;
    const weak = isWeak(mine, watching);
    this.#run = weak ? Math.max(0, this.#run) + 1 : Math.min(0, this.#run) - 1;
    if (this.#run === WEAK_LOOKS) this.parts.ask();
    if (this.word === "unknown" && !weak) this.#become("good");
    if (this.#run <= -GOOD_LOOKS) this.#become("good");
  }

  /** @param {CallQuality | null} quality what the house knows of both */
  heard(quality) {
    if (this.#mine && this.#run >= WEAK_LOOKS) this.#become(sideOf(this.#mine, quality?.theirs ?? null));
  }

  clear() {
    this.word = "unknown";
    this.#run = 0;
    this.#mine = null;
    this.#told = false;
    this.#told_ms = -Infinity;
  }

  /** @param {Word} word */
  #become(word) {
    if (word === this.word) return;
    this.word = word;
    this.parts.onWord();
    if (word === "good") return this.#better();
    if (this.parts.now_ms() - this.#told_ms < SELDOM_MS) return;
    this.#told_ms = this.parts.now_ms();
    this.#told = true;
    this.parts.tell(`strain.${word}`);
  }

  /** Only who heard of trouble hears that it is over. */
  #better() {
    if (this.#told) this.parts.tell("strain.better");
    this.#told = false;
  }
}

/**
 * @param {LegQuality} quality
 * @param {boolean} watching
 */
function isWeak({ lost_share, round_trip_ms, freezes, frames_s, width }, watching) {
  const stutters = watching && width > 0 && (freezes > 0 || frames_s < FEW_FRAMES);
  return stutters || lost_share > LOST || (round_trip_ms ?? 0) > SLOW_MS;
}

/**
 * @param {LegQuality} mine
 * @param {LegQuality | null} theirs
 * @returns {Word}
 */
function sideOf(mine, theirs) {
  const [ours, others] = [mine, theirs].map((each) => (each?.round_trip_ms ?? 0) > SLOW_MS);
  if (ours === others) return "between";
  return ours ? "mine" : "theirs";
}
