/** How does the Volunteer look around in the picture? By fingers, wheel, keys and buttons alike. */

/**
 * @import { Lens, Look, Place, Size } from "./zoom.js"
 * @import { Voice } from "./voice.js"
 */

import { button, element, onClick } from "./dom.js";
import { Gestures } from "./gestures.js";
import {
  MOST, WHOLE, fit, moved, pan, placed, quarter, turn, within, zoomBy, zoomIn, zoomOut,
} from "./zoom.js";

const NEAR = 2.5;
const UNKNOWN = { width: 4, height: 3 };

/** By key: how far, and what is said of it. @type {Record<string, [number, number, string]>} */
const ARROWS = {
  ArrowLeft: [-0.2, 0, "picture.moved.left"],
  ArrowRight: [0.2, 0, "picture.moved.right"],
  ArrowUp: [0, -0.2, "picture.moved.up"],
  ArrowDown: [0, 0.2, "picture.moved.down"],
};

export class Viewing {
  /** @type {Look} */
  #look = WHOLE;
  /** Where a gesture began. @type {Look} */
  #gripped = WHOLE;
  #turns = 0;
  /** @type {Size} */
  #picture = UNKNOWN;
  /** How near their camera itself is. @type {Lens} */
  #lens = { times: 1, most: 1 };
  #told = 1;

  /**
   * @param {Voice} voice
   * @param {(nearer: boolean, look: Look) => boolean} theirs whether their camera takes that step
   */
  constructor(voice, theirs) {
    this.voice = voice;
    this.theirs = theirs;
    this.frame = element("#picture");
    this.stage = element(".stage");
    new Gestures(this.frame, {
      onGrip: () => void (this.#gripped = this.#look),
      onMove: (times, from, to) => this.#turnTo(moved(this.#gripped, times, from, to, this.#room)),
      onWheel: (times, at) => this.#by(times, at),
      onTap: ({ x, y }) => this.#near && this.#turnTo(pan(this.#look, x, y, this.#room)),
      onDouble: (at) => this.#double(at),
      onRest: () => this.#tell(),
    });
    onClick({
      "#zoom-in": () => this.#step(true),
      "#zoom-out": () => this.#step(false),
      "#turn-left": () => this.#quarter(-1),
      "#turn-right": () => this.#quarter(1),
    });
    this.frame.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#turnTo(this.#look)).observe(this.frame);
  }

  /** @param {Size} picture what is shown now */
  shows({ width, height }) {
    if (!width || !height) return; // it has not been unpacked yet
    this.#picture = { width, height };
    this.#turnTo(this.#look);
  }

  /** @param {Lens} lens */
  lensIs({ times, most }) {
    const nearer = times !== this.#lens.times;
    this.#lens = { times, most };
    this.#turnTo(this.#look);
    if (nearer) this.#tell();
  }

  /** Upright and whole. */
  upright() {
    this.#turns = 0;
    this.#turnTo(WHOLE);
    this.#told = this.#times;
  }

  /** The call is over. */
  clear() {
    this.#lens = { times: 1, most: 1 };
    this.upright();
  }

  get #near() {
    return this.#look.scale > 1;
  }

  get #times() {
    return Math.round(this.#look.scale * this.#lens.times * 10) / 10;
  }

  get #room() {
    return fit(this.#picture, this.#frame, this.#turns).room;
  }

  /** @returns {Size} */
  get #frame() {
    return { width: this.frame.clientWidth, height: this.frame.clientHeight };
  }

  /** @param {boolean} nearer */
  #step(nearer) {
    if (this.theirs(nearer, this.#look)) return;
    this.#turnTo((nearer ? zoomIn : zoomOut)(this.#look, this.#room));
    this.#tell();
  }

  /**
   * @param {number} times
   * @param {Place} at
   */
  #by(times, at) {
    const before = this.#look.scale;
    this.#turnTo(zoomBy(this.#look, times, this.#room, at));
    return this.#look.scale !== before;
  }

  /** @param {Place} at */
  #double(at) {
    this.#by(this.#near ? 1 / MOST : NEAR, at);
    this.#tell();
  }

  /** @param {number} more quarters to the right */
  #quarter(more) {
    this.#turns = turn(this.#turns, more);
    for (let left = turn(0, more); left; left -= 1) this.#look = quarter(this.#look);
    this.#turnTo(this.#look);
    this.#say(`picture.turned.${this.#turns}`);
  }

  /** @param {Look} look */
  #turnTo(look) {
    const frame = this.#frame;
    if (!frame.width) look = WHOLE; // before the call is shown
    this.#look = within(look, this.#room);
    const { box, transform } = placed(this.#look, this.#picture, frame, this.#turns);
    const { style } = this.stage;
    [style.width, style.height, style.transform] = [`${box.width}px`, `${box.height}px`, transform];
    // A finger scrolls the page over the whole picture, and moves what is near.
    this.frame.style.touchAction = this.#near ? "none" : "pan-y";
    this.frame.dataset.near = String(this.#near);
    button("#zoom-in").setAttribute("aria-disabled", String(this.#look.scale >= MOST));
    button("#zoom-out").setAttribute("aria-disabled", String(this.#times <= 1));
  }

  #tell() {
    if (this.#times === this.#told) return;
    this.#told = this.#times;
    this.#say("picture.zoom", { times: this.#times });
  }

  /**
   * @param {string} key
   * @param {{times?: number}} params
   */
  #say(key, params = {}) {
    this.voice.glimpse(this.voice.words(key, params), "picture");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own zoom
    if (event.key === "0") this.#wholeAgain();
    else if (event.key === "+" || event.key === "=") this.#step(true);
    else if (event.key === "-") this.#step(false);
    else if (!this.#near || !ARROWS[event.key]) return;
    else this.#arrow(...ARROWS[event.key]);
    event.preventDefault();
  }

  #wholeAgain() {
    this.#turnTo(WHOLE);
    this.#tell();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   * @param {string} said
   */
  #arrow(dx, dy, said) {
    const { x, y } = this.#look;
    this.#turnTo(pan(this.#look, dx, dy, this.#room));
    const stayed = this.#look.x === x && this.#look.y === y;
    this.#say(stayed ? "picture.edge" : said);
  }
}
