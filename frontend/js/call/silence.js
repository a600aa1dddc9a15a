/**
 * Has a line fallen silent?
 *
 * One that lives brings something several times a second, whatever the other person does: the relay
 * acknowledges our life signs. The browser itself notices a dead path only after six seconds or so.
 */

const LOOK_MS = 400;
const MOST_SILENT_LOOKS = 3;
// Once the network has changed, or the page has slept, the first silence decides.
const IN_DOUBT_LOOKS = 1;

/** @typedef {() => Promise<number>} Arrived how many packets have come in so far */

export class Silence {
  /** @type {Arrived | null} */
  #arrived = null;
  #round = 0;
  #timer = 0;

  /**
   * @param {() => void} onFirst nothing came between two looks
   * @param {() => void} onSilent nothing came for too long; called once, `watch` begins anew
   * @param {{later: (run: () => void, ms: number) => number, never: (timer: number) => void}} clock
   */
  constructor(onFirst, onSilent, clock) {
    this.onFirst = onFirst;
    this.onSilent = onSilent;
    this.clock = clock;
  }

  /** @param {Arrived} arrived */
  watch(arrived) {
    this.#arrived = arrived;
    this.#begin(MOST_SILENT_LOOKS);
  }

  /** Something happened that has killed many a line: look closely. */
  doubt() {
    if (this.#arrived) this.#begin(IN_DOUBT_LOOKS);
  }

  stop() {
    this.#arrived = null;
    this.#round += 1;
    this.clock.never(this.#timer);
  }

  /** @param {number} patience in looks */
  #begin(patience) {
    this.#round += 1;
    this.clock.never(this.#timer);
    void this.#look(this.#round, -1, 0, patience);
  }

  /**
   * @param {number} round
   * @param {number} before what had come at the last look
   * @param {number} silent looks in a row without anything new
   * @param {number} patience
   */
  async #look(round, before, silent, patience) {
    const now = (await this.#arrived?.()) ?? 0;
    if (round !== this.#round) return;
    const [still, bearable] = now === before ? [silent + 1, patience] : [0, MOST_SILENT_LOOKS];
    const most = before < 0 ? patience : bearable;
    if (still >= most) return this.#fell();
    if (still === 1) this.onFirst();
    this.#timer = this.clock.later(() => void this.#look(round, now, still, most), LOOK_MS);
  }

  #fell() {
    this.stop();
    this.onSilent();
  }
}
