/**
 * How is the picture made easier to see? Brighter, with more contrast, inverted, sharper.
 *
 * On this device alone, and for this call alone: whatever is shown (the moving picture, a frozen
 * one, a sharp photo) is seen through the same glass.
 */

/** @import { Voice } from "./voice.js" */

import { button, element, find, write } from "./dom.js";

/** Percent, and yes or no. */
const AS_IT_IS = { brightness: 100, contrast: 100, sharpness: 0, plain: false, inverted: false };
/** @typedef {typeof AS_IT_IS} Glass */

const RANGES = /** @type {const} */ (["brightness", "contrast", "sharpness"]);
const TICKS = /** @type {const} */ (["plain", "inverted"]);
// How much of what a soft copy lacks is added at 100 percent.
const MOST_SHARP = 4;
// Print without colours: what is nearly white becomes white, what is nearly black, black.
const PLAIN = "grayscale(1) contrast(2)";

/**
 * @param {Glass} glass
 * @returns {string} for CSS; "none" costs nothing
 */
export function filterOf({ brightness, contrast, sharpness, plain, inverted }) {
  const parts = [
    // First of all: it is the picture that is sharpened, not what the rest has made of it.
    sharpness > 0 ? "url(#sharper)" : "",
    brightness === 100 ? "" : `brightness(${brightness / 100})`,
    plain ? PLAIN : "",
    contrast === 100 ? "" : `contrast(${contrast / 100})`,
    inverted ? "invert(1)" : "",
  ];
  return parts.filter(Boolean).join(" ") || "none";
}

/**
 * The picture, and once more what it has and its soft copy has not.
 * @param {number} sharpness percent
 * @returns {{k2: string, k3: string}} of feComposite
 */
export function sharpening(sharpness) {
  const more = (sharpness / 100) * MOST_SHARP;
  return { k2: String(1 + more), k3: String(-more) };
}

export class Tools {
  /** @type {Glass} */
  #glass = AS_IT_IS;

  /**
   * @param {Voice} voice
   * @param {() => void} onReset
   */
  constructor(voice, onReset) {
    this.voice = voice;
    this.percent = new Intl.NumberFormat(voice.language, { style: "percent" });
    this.group = element("#tools");
    this.opener = button("#tools-open");
    this.opener.addEventListener("click", () => {
      this.#open(this.opener.getAttribute("aria-expanded") !== "true");
    });
    button("#reset").addEventListener("click", () => {
      this.clear();
      onReset();
      voice.glimpse(voice.words("picture.reset"), "picture");
    });
    for (const name of [...RANGES, ...TICKS]) input(name).addEventListener("input", () => this.#read());
    this.#show();
  }

  /** As it came. Whether the tools lie open stays. */
  clear() {
    this.#glass = AS_IT_IS;
    this.#show();
  }

  /** @param {boolean} open */
  #open(open) {
    this.group.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
  }

  #read() {
    const [brightness, contrast, sharpness] = RANGES.map((name) => input(name).valueAsNumber);
    const [plain, inverted] = TICKS.map((name) => input(name).checked);
    this.#glass = /** @type {Glass} */ ({ brightness, contrast, sharpness, plain, inverted });
    this.#show();
  }

  #show() {
    for (const name of RANGES) this.#showRange(name);
    for (const name of TICKS) input(name).checked = this.#glass[name];
    const sharper = find("#sharper feComposite", SVGElement);
    for (const [name, value] of Object.entries(sharpening(this.#glass.sharpness))) {
      sharper.setAttribute(name, value);
    }
    element(".stage").style.filter = filterOf(this.#glass);
  }

  /** @param {typeof RANGES[number]} name */
  #showRange(name) {
    const text = this.percent.format(this.#glass[name] / 100);
    input(name).valueAsNumber = this.#glass[name];
    input(name).setAttribute("aria-valuetext", text);
    write(element(`[data-of="${name}"]`), text);
  }
}

/** @param {string} name */
const input = (name) => find(`#tools [name="${name}"]`, HTMLInputElement);
