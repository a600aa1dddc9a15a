/**
 * What keeps the camera from seeing well, and when is it worth a word?
 *
 * Computed on the phone from two small pictures: the whole frame, and its centre at half size, where
 * print is. A hint comes only while it holds for a second, and the same one not again for a while.
 */

/**
 * @typedef {"covered" | "dark" | "close" | "blurred" | "leans_left" | "leans_right"} Hint
 * @typedef {{data: Uint8ClampedArray, width: number, height: number}} Pixels as a canvas gives them:
 *   red, green, blue, alpha, 0 to 255
 * @typedef {{bright: number, red: number, detail: number[], shape: number[]}} Look
 *   `bright`: nine tenths of the frame are darker (0 to 255); `red`: how many times as strong as the
 *   stronger of the other colours. How much there is to see in each octave, the finest first:
 *   `detail` in the centre, `shape` in the whole frame
 */

const OCTAVES = 5;
/** Nearly black: nobody can tell a covered lens from a night. */
const BLACK = 25;
const DARK = 70;
/** A finger lets red light through, and nothing else of what is before it. */
const FINGER_RED = 1.8;
/** What the noise of a camera adds to the finest octave; half of it to the next, and so on. */
const NOISE = 4;
/** Below this an octave holds no thing. */
const NOTHING = 6;
/** An edge that is sharp gives each octave about 0.7 of the next coarser one; two apart: 0.5. */
const SOFT = 0.17;
const VERY_SOFT = 0.3;
const STRUCTURE = 12;
const LEANING_DEGREES = 25;
/** Below this share of gravity in the screen's plane the phone lies, and leans to no side. */
const UPRIGHT = 0.7;
/** What was there stays until it is clearly better: a hint that flickers says nothing. */
const BETTER = 1.25;

const HOLD_MS = 1_000;
const REST_MS = 10_000;
const MOST_REST_MS = 80_000;
/** Between two different ones. */
const GAP_MS = 4_000;

/**
 * @param {Pixels} whole the frame, its longer side 160 pixels
 * @param {Pixels} centre of the frame, at half its size, 160 by 120 pixels or less
 * @returns {Look}
 */
export function look(whole, centre) {
  const grey = greyOf(whole);
  return {
    bright: brightOf(grey.values),
    red: rednessOf(whole.data),
    detail: octaves(greyOf(centre)),
    shape: octaves(grey),
  };
}

/**
 * @param {Look} seen
 * @param {number | null} lean degrees, see `leaning`
 * @param {Hint | null} before what was found at the last look
 * @returns {Hint | null} the one that matters most
 */
export function judge(seen, lean, before) {
  const most = (/** @type {Hint} */ hint, /** @type {number} */ limit) =>
    before === hint ? limit * BETTER : limit;
  const tilt = Math.abs(lean ?? 0) * (before?.startsWith("leans") ? BETTER : 1);
  if (seen.bright < most("covered", BLACK) || isFinger(seen)) return "covered";
  if (seen.bright < most("dark", DARK)) return "dark";
  if (isClose(seen.shape, most("close", 1))) return "close";
  if (isBlurred(seen.detail, most("blurred", SOFT))) return "blurred";
  if (tilt > LEANING_DEGREES) return lean && lean > 0 ? "leans_left" : "leans_right";
  return null;
}

/**
 * How far the phone is turned from upright, as the picture shows it.
 * @param {number} beta degrees, front to back, as the browser's orientation event says
 * @param {number} gamma degrees, left to right
 * @param {number} screen degrees that the screen has turned already
 * @returns {number | null} -180 to 180, its top to the left above 0; null while it lies flat
 */
export function leaning(beta, gamma, screen) {
  const [b, c] = [(beta * Math.PI) / 180, (gamma * Math.PI) / 180];
  // Where up is, along the screen's short and its long side.
  const [across, along] = [-Math.cos(b) * Math.sin(c), Math.sin(b)];
  if (Math.hypot(across, along) < UPRIGHT) return null;
  const turned = (Math.atan2(across, along) * 180) / Math.PI - screen;
  return ((((turned + 180) % 360) + 360) % 360) - 180;
}

/** When is a hint worth a word? */
export class Pace {
  /** @type {Hint | null} */
  #now = null;
  #since_ms = 0;
  /** @type {Hint | null} */
  #told = null;
  #told_ms = -Infinity;
  /** How often in a row, without a good second between. */
  #times = 0;

  /**
   * @param {Hint | null} hint found just now
   * @param {number} now_ms
   * @returns {Hint | null} the one to tell now
   */
  meet(hint, now_ms) {
    if (hint !== this.#now) [this.#now, this.#since_ms] = [hint, now_ms];
    if (now_ms - this.#since_ms < HOLD_MS) return null;
    if (!hint) this.#times = 0;
    const again = hint === this.#told;
    if (!hint || now_ms - this.#told_ms < (again ? this.#rest_ms : GAP_MS)) return null;
    this.#times = again ? this.#times + 1 : 1;
    [this.#told, this.#told_ms] = [hint, now_ms];
    return hint;
  }

  /** Who goes on as before has heard it, and has a reason: each rest is twice as long. */
  get #rest_ms() {
    return Math.min(MOST_REST_MS, REST_MS * 2 ** Math.max(0, this.#times - 1));
  }
}

/** @param {Look} seen */
const isFinger = ({ red, shape }) => red > FINGER_RED && Math.max(...shape.slice(0, 4)) < NOTHING;

/**
 * Nothing but large soft blots.
 * @param {number[]} shape
 * @param {number} factor
 */
function isClose([, one = 0, two = 0, three = 0, four = 0], factor) {
  const much = Math.max(three, four / 2) > STRUCTURE / 2;
  return much && one < SOFT * factor * three && two < VERY_SOFT * factor * four;
}

/**
 * There is something to see, and its edges are soft: a little blur shows in the finest octave, and
 * where that is all noise, more of it shows in the next.
 * @param {number[]} detail
 * @param {number} limit
 */
function isBlurred([zero = 0, one = 0, two = 0, three = 0], limit) {
  return (two > STRUCTURE && zero < limit * two) || (three > STRUCTURE && one < limit * three);
}

/** @typedef {{values: Float32Array, width: number, height: number}} Grey */

/**
 * @param {Pixels} pixels
 * @returns {Grey}
 */
function greyOf({ data, width, height }) {
  const values = new Float32Array(width * height);
  for (let at = 0; at < values.length; at += 1) {
    const from = at * 4;
    values[at] = 0.299 * (data[from] ?? 0) + 0.587 * (data[from + 1] ?? 0) + 0.114 * (data[from + 2] ?? 0);
  }
  return { values, width, height };
}

/** @param {Float32Array} values */
function brightOf(values) {
  const sorted = values.slice().sort();
  return sorted[Math.floor(sorted.length * 0.9)] ?? 0;
}

/** @param {Uint8ClampedArray} data */
function rednessOf(data) {
  let [red, green, blue] = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    red += data[at] ?? 0;
    green += data[at + 1] ?? 0;
    blue += data[at + 2] ?? 0;
  }
  return red / Math.max(1, green, blue);
}

/**
 * How strongly a Laplacian answers in each octave: the root of its mean square, without the noise.
 * @param {Grey} grey
 * @returns {number[]}
 */
function octaves(grey) {
  const strengths = [];
  for (let octave = 0, at = grey; octave < OCTAVES; octave += 1, at = halved(at)) {
    strengths.push(Math.sqrt(Math.max(0, strength(at) ** 2 - (NOISE / 2 ** octave) ** 2)));
  }
  return strengths;
}

/** @param {Grey} grey */
function strength({ values, width, height }) {
  let [sum, count] = [0, 0];
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const around = (values[at - 1] ?? 0) + (values[at + 1] ?? 0)
        + (values[at - width] ?? 0) + (values[at + width] ?? 0);
      sum += (4 * (values[at] ?? 0) - around) ** 2;
      count += 1;
    }
  }
  return count ? Math.sqrt(sum / count) : 0;
}

/**
 * @param {Grey} grey
 * @returns {Grey}
 */
function halved(grey) {
  const [width, height] = [grey.width >> 1, grey.height >> 1];
  const values = new Float32Array(width * height);
  for (let at = 0; at < values.length; at += 1) {
    const from = 2 * Math.floor(at / width) * grey.width + 2 * (at % width);
    const below = from + grey.width;
    values[at] = ((grey.values[from] ?? 0) + (grey.values[from + 1] ?? 0)
      + (grey.values[below] ?? 0) + (grey.values[below + 1] ?? 0)) / 4;
  }
  return { values, width, height };
}
