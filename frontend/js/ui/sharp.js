/**
 * How does the Volunteer see the sharp photo? In the place of the picture, with the same tools.
 *
 * It is held by this page alone, and only until the call ends.
 */

/**
 * @import { Theirs } from "../call/words_between.js"
 * @import { Voice } from "./voice.js"
 */

import { button, find, toggle } from "./dom.js";

export class SharpPhoto {
  #shown = false;
  #address = "";

  /**
   * @param {Voice} voice
   * @param {(covered: boolean) => void} onCover it lies over the moving picture, or no longer does
   */
  constructor(voice, onCover) {
    this.voice = voice;
    this.onCover = onCover;
    this.image = find("#sharp", HTMLImageElement);
    this.switch = button("#live");
    this.switch.addEventListener("click", () => this.#turn(!this.#shown));
  }

  /**
   * @param {Blob} photo
   * @returns {Promise<boolean>} whether this browser could read it
   */
  async show(photo) {
    const address = URL.createObjectURL(photo);
    const image = new Image();
    image.src = address;
    try {
      await image.decode();
    } catch {
      URL.revokeObjectURL(address);
      return false;
    }
    this.#drop();
    this.#address = this.image.src = address;
    this.switch.hidden = false;
    this.#turn(true);
    return true;
  }

  /**
   * @param {Theirs} theirs
   * @param {{asking: boolean}} mine
   */
  render({ paused }, { asking }) {
    button("#photo").setAttribute("aria-disabled", String(asking || paused === true));
  }

  /** Nothing of it stays. */
  clear() {
    this.#turn(false);
    this.#drop();
    this.switch.hidden = true;
  }

  #drop() {
    if (!this.#address) return;
    this.image.removeAttribute("src");
    URL.revokeObjectURL(this.#address);
    this.#address = "";
  }

  /** @param {boolean} shown */
  #turn(shown) {
    this.#shown = shown;
    this.image.hidden = !shown;
    this.onCover(shown);
    toggle(this.switch, shown, this.voice.words("show_photo"), this.voice.words("show_live"));
  }
}
