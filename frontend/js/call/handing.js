/**
 * How does a Volunteer hand over? By the other page first, which keeps the note, then by the house.
 *
 * Whoever must go goes, also where the other page does not answer. For somebody of another language
 * or topic the person themselves says yes; until then, and after a no, the call goes on.
 */

/**
 * @import { Client, Topic, WhyHanded } from "../protocol.js"
 * @import { Saying } from "../state/says.js"
 * @import { Between } from "./words_between.js"
 * @typedef {{why: WhyHanded, what: string, note: string, stop: boolean}} HandWish `what`: the language
 *   or the topic; `stop`: take no more calls after this one
 */

const ANSWER_MS = 2_000;
/** They have half a minute to say yes or no. */
const CHOICE_MS = 35_000;

export class Handing {
  /** @type {HandWish & {help_request: string} | null} not answered yet */
  #wish = null;
  #timer = 0;

  /**
   * @param {{
   *   say: (message: Between) => boolean,
   *   send: (message: Client) => boolean,
   *   tell: (saying: Saying) => void,
   *   later?: (run: () => void, ms: number) => number,
   * }} parts
   */
  constructor(parts) {
    this.parts = {
      later: (/** @type {() => void} */ run, /** @type {number} */ ms) => Number(setTimeout(run, ms)),
      ...parts,
    };
  }

  /**
   * @param {string} help_request
   * @param {HandWish} wish
   */
  begin(help_request, wish) {
    const { say, tell, later } = this.parts;
    const { why, what, note } = wish;
    if (this.#wish && why !== "must_go") return tell({ key: "asked.hand", topic: "consent" });
    this.clear();
    const said = say({ t: "hand", why, what, note });
    if (!said && why !== "must_go") return tell({ key: "handing.unheard", assertive: true });
    this.#wish = { ...wish, help_request };
    if (!said) return this.#go();
    if (why === "must_go") this.#timer = later(() => this.#go(), ANSWER_MS);
    else this.#timer = later(() => this.clear(), CHOICE_MS);
  }

  /** @param {Between} message */
  heard(message) {
    if (message.t === "hand.yes") this.#go(true);
    // A no holds nobody back who must go: it answers the question before, or comes from no page of ours.
    const may = this.#wish?.why !== "must_go";
    if (message.t === "no" && message.control === "hand" && may) this.clear();
  }

  /** The call is over, or there is a new wish. */
  clear() {
    clearTimeout(this.#timer);
    this.#wish = null;
  }

  /** @param {boolean} passed whether their page has the note */
  #go(passed = false) {
    const { send, tell } = this.parts;
    const wish = this.#wish;
    this.clear();
    if (!wish) return;
    const { help_request, why, what, note, stop } = wish;
    if (stop) send({ type: "calls.stop" });
    const language = why === "language" ? what : null;
    const topic = why === "topic" ? /** @type {Topic} */ (what) : null;
    const sent = send({ type: "call.hand_over", help_request, language, topic });
    if (!sent) return tell({ key: "link.none", assertive: true, topic: "link" });
    if (note && !passed) tell({ key: "handing.note_lost" });
  }
}
