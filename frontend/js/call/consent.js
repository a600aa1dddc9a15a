/**
 * May the Volunteer do that to this phone? The person's own word decides.
 *
 * "ask" shows a question in the page's fixed place; who does not answer in half a minute has
 * refused. A Volunteer who asks again at once is refused without a word, or somebody could make
 * the phone talk without end. Whoever may zoom or change the lens may do so until the call ends:
 * nobody steers by one question a step.
 */

/**
 * @import { Control, May } from "../state/mine.js"
 * @typedef {"refused" | "unanswered" | "never" | "busy"} No
 * @typedef {Control | "hand"} Wish "hand": to hand the person over, which nobody can allow beforehand
 * @typedef {{language?: string, topic?: string}} About somebody who speaks this, or knows of that
 */

const ANSWER_MS = 30_000;
const REST_MS = 5_000;
/** @type {readonly Wish[]} */
const STEERING = ["zoom", "lens"];

export class Consent {
  /** @type {{control: Wish, done: (said: "yes" | No) => void} | null} */
  #question = null;
  #timer = 0;
  #refused_ms = -Infinity;
  /** @type {Set<Wish>} */
  #granted = new Set();

  /**
   * @param {{
   *   may: () => May,
   *   onQuestion: (control: Wish | null, about?: About) => void,
   *   now_ms?: () => number,
   *   later?: (run: () => void, ms: number) => number,
   * }} parts `onQuestion`: show it, or with null take it away
   */
  constructor(parts) {
    this.parts = {
      now_ms: () => performance.now(),
      later: (/** @type {() => void} */ run, /** @type {number} */ ms) => Number(setTimeout(run, ms)),
      ...parts,
    };
  }

  /**
   * @param {Wish} control
   * @param {About} about
   * @returns {Promise<"yes" | No>}
   */
  async wish(control, about = {}) {
    const { may, onQuestion, later, now_ms } = this.parts;
    const word = control === "hand" ? "ask" : may()[control];
    if (word === "never") return "never";
    if (word === "allow" || this.#granted.has(control)) return "yes";
    if (this.#question) return "busy";
    if (now_ms() - this.#refused_ms < REST_MS) return "refused";
    return new Promise((done) => {
      this.#question = { control, done };
      this.#timer = later(() => this.#end("unanswered"), ANSWER_MS);
      onQuestion(control, about);
    });
  }

  /** @param {boolean} yes a button was pressed */
  answer(yes) {
    this.#end(yes ? "yes" : "refused");
  }

  /** The call is over: nobody waits for an answer any more. */
  clear() {
    this.#end("refused");
    this.#refused_ms = -Infinity;
    this.#granted.clear();
  }

  /** @param {"yes" | No} said */
  #end(said) {
    const question = this.#question;
    if (!question) return;
    this.#question = null;
    clearTimeout(this.#timer);
    if (said !== "yes") this.#refused_ms = this.parts.now_ms();
    else if (STEERING.includes(question.control)) this.#granted.add(question.control);
    this.parts.onQuestion(null);
    question.done(said);
  }
}
