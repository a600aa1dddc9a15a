/**
 * What do fingers, a mouse and a wheel do to the picture?
 *
 * One finger moves it, two pinch it, a wheel goes nearer, a double tap goes near and back. A single
 * tap brings a place to the middle: nobody needs to be able to drag.
 */

/** @import { Place } from "./zoom.js" */

/**
 * @typedef {{
 *   onGrip: () => void,
 *   onMove: (times: number, from: Place, to: Place) => void,
 *   onWheel: (times: number, at: Place) => boolean,
 *   onTap: (at: Place) => void,
 *   onDouble: (at: Place) => void,
 *   onRest: () => void,
 * }} Touches places in shares of the frame. `onGrip`: what is seen now is what `onMove` counts from;
 *   `onWheel`: whether there was anything to do; `onRest`: what was moving has come to rest
 */

const SLOP_PX = 8;
const DOUBLE_MS = 350;
const DOUBLE_PX = 40;
const LINE_PX = 16;
const MOST_WHEEL_PX = 240;
const WHEEL_PER_PX = 0.002;
// A trackpad's pinch comes as a wheel with Ctrl, in far smaller steps.
const PINCH_PER_PX = 0.01;

export class Gestures {
  /** @type {Map<number, Place>} where each finger is, in pixels */
  #fingers = new Map();
  /** Where they were when their number last changed. Counted from there, nothing is lost at an edge. */
  #grip = { middle: { x: 0, y: 0 }, apart: 0 };
  /** @type {Place | null} where the only finger came down, until it has moved */
  #down = null;
  #tap = { ms: -Infinity, x: 0, y: 0 };

  /**
   * @param {HTMLElement} frame
   * @param {Touches} touches
   */
  constructor(frame, touches) {
    this.frame = frame;
    this.touches = touches;
    frame.addEventListener("pointerdown", (event) => this.#begin(event));
    frame.addEventListener("pointermove", (event) => this.#move(event));
    frame.addEventListener("pointerup", (event) => this.#end(event, true));
    frame.addEventListener("pointercancel", (event) => this.#end(event, false));
    frame.addEventListener("touchstart", keepPinch, { passive: false });
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0 || this.#fingers.size === 2) return;
    // The end of a drag is ours, wherever it is.
    this.frame.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, pixels(event));
    this.#down = this.#fingers.size === 1 ? pixels(event) : null;
    this.#take();
  }

  #take() {
    this.#grip = gripOf([...this.#fingers.values()]);
    this.touches.onGrip();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#fingers.has(event.pointerId)) return;
    if (this.#down && far(this.#down, pixels(event)) < SLOP_PX) return;
    this.#down = null;
    this.#fingers.set(event.pointerId, pixels(event));
    const { middle, apart } = gripOf([...this.#fingers.values()]);
    const times = this.#grip.apart ? apart / this.#grip.apart : 1;
    this.touches.onMove(times, this.#place(this.#grip.middle), this.#place(middle));
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} lifted not taken by the browser, for scrolling
   */
  #end(event, lifted) {
    if (!this.#fingers.delete(event.pointerId)) return;
    const tapped = lifted && this.#down !== null;
    this.#down = null;
    if (this.#fingers.size) this.#take();
    else if (tapped) this.#tapped(event);
    else this.touches.onRest();
  }

  /** @param {PointerEvent} event */
  #tapped(event) {
    const at = pixels(event);
    const again = event.timeStamp - this.#tap.ms < DOUBLE_MS && far(this.#tap, at) < DOUBLE_PX;
    this.#tap = { ms: again ? -Infinity : event.timeStamp, ...at };
    if (again) this.touches.onDouble(this.#place(at));
    else this.touches.onTap(this.#place(at));
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? MOST_WHEEL_PX : 1;
    const way = Math.min(MOST_WHEEL_PX, Math.max(-MOST_WHEEL_PX, event.deltaY * unit));
    const times = Math.exp(-way * (event.ctrlKey ? PINCH_PER_PX : WHEEL_PER_PX));
    const done = this.touches.onWheel(times, this.#place(pixels(event)));
    // Back at the whole picture, the wheel scrolls the page again.
    if (done || event.ctrlKey) event.preventDefault();
    if (done) this.touches.onRest();
  }

  /** @param {Place} at in pixels of the window */
  #place(at) {
    const box = this.frame.getBoundingClientRect();
    return { x: (at.x - box.left) / box.width - 0.5, y: (at.y - box.top) / box.height - 0.5 };
  }
}

/**
 * Two fingers on the picture are for the picture. `touch-action` says so too, but it reaches the
 * browser's own thread with the next frame only: a pinch before it made the whole page larger.
 *
 * @param {TouchEvent} event
 */
function keepPinch(event) {
  if (event.targetTouches.length > 1) event.preventDefault();
}

/** @param {MouseEvent} event @returns {Place} */
const pixels = (event) => ({ x: event.clientX, y: event.clientY });

/** @param {Place} one @param {Place} two */
const far = (one, two) => Math.hypot(one.x - two.x, one.y - two.y);

/**
 * @param {Place[]} fingers one or two
 * @returns {{middle: Place, apart: number}} 0 apart: there is but one
 */
function gripOf([one = { x: 0, y: 0 }, two = one]) {
  return { middle: { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 }, apart: far(one, two) };
}
