/**
 * Has a line fallen silent?
 *
 * One that lives brings something several times a second, whatever the other person does: the relay
 * acknowledges our life signs. The browser itself notices a dead path only after six seconds or so.
 */

const LOOK_MS = 400;
// A voice alone brings about a thousand bytes between two looks, acknowledgements a tenth of that.
const MEDIA_BYTES = 400;
// In looks. The relay bears as much: a second where media flowed, almost four elsewhere, because a
// network that loses every third packet may well lose a few acknowledgements in a row.
const FLOWING = { patience: 3, in_doubt: 1 };
const QUIET = { patience: 9, in_doubt: 3 };

/** @typedef {() => Promise<number>} Arrived how many bytes have come in so far */

export class Silence {
  /** @type {Arrived | null} */
  #arrived = null;
  #round = 0;
  #timer = 0;
  #line = QUIET;
  #gained = 0;

  /**
   * @param {() => void} onDoubt a third of the patience is over
   * @param {() => void} onSilent all of it is; called once, `watch` begins anew
   * @param {{later: (run: () => void, ms: number) => number, never: (timer: number) => void}} clock
   */
  constructor(onDoubt, onSilent, clock) {
    this.onDoubt = onDoubt;
    this.onSilent = onSilent;
    this.clock = clock;
  }

  /** @param {Arrived} arrived */
  watch(arrived) {
    this.#arrived = arrived;
    this.#gained = 0;
    this.#line = QUIET;
    this.#begin(QUIET.patience);
  }

  /** The network has changed, or the page has slept: that has killed many a line. Look closely. */
  doubt() {
    if (this.#arrived) this.#begin(this.#line.in_doubt);
  }

  stop() {
    this.#arrived = null;
    this.#round += 1;
    this.clock.never(this.#timer);
  }

  /** @param {number} patience */
  #begin(patience) {
    this.#round += 1;
    this.clock.never(this.#timer);
    void this.#look(this.#round, NaN, 0, patience);
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
    const gained = now - before;
    if (gained > 0) this.#note(gained);
    const still = gained === 0 ? silent + 1 : 0;
    const most = gained > 0 ? this.#line.patience : patience;
    if (still >= most) return this.#fell();
    if (still === this.#line.in_doubt) this.onDoubt();
    this.#timer = this.clock.later(() => void this.#look(round, now, still, most), LOOK_MS);
  }

  /**
   * A line that dies soon after a look brings little until the next: the one before counts too.
   * @param {number} gained
   */
  #note(gained) {
    this.#line = Math.max(gained, this.#gained) < MEDIA_BYTES ? QUIET : FLOWING;
    this.#gained = gained;
  }

  #fell() {
    this.stop();
    this.onSilent();
  }
}
