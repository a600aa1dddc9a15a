/** May our media leave? The house says so and the relay says so: the sooner counts. */

/** Said by the relay alone, on the data channel. */
export const OPEN = "o";
export const SHUT = "s";

export class Gate {
  #accepted = false;
  #relay = false;

  /** Has a Volunteer accepted, as far as the house has told? */
  get accepted() {
    return this.#accepted;
  }

  get open() {
    return this.#accepted || this.#relay;
  }

  /**
   * Once the house says that a call is over, what the relay said before counts no more.
   * @param {boolean} accepted
   * @returns {boolean} whether that is news
   */
  told(accepted) {
    const news = accepted !== this.#accepted;
    if (news && !accepted) this.#relay = false;
    this.#accepted = accepted;
    return news;
  }

  /**
   * @param {unknown} word from the data channel
   * @returns {boolean} whether it was the relay's about its gate
   */
  heard(word) {
    if (word !== OPEN && word !== SHUT) return false;
    this.#relay = word === OPEN;
    return true;
  }

  /** Another connection: what was said on the one before says nothing of it. */
  anew() {
    this.#relay = false;
  }
}
