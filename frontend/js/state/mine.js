/**
 * What has this person chosen for themselves? One document, kept on the device.
 *
 * The whole of it, as somebody has it who never chose anything:
 *   { name: "", languages: [], topics: [], among: "circle_first",
 *     announcements: "more", tones: true, volume: 70, vibration: true,
 *     contrast: "system", size: 100, hints: true, braille: false, typing: "usual",
 *     camera: "on", lens: "", tips: 3, may: {light: "allow", zoom: "allow", lens: "allow", photo: "ask"} }
 * `languages` empty: the browser's own. `topics`: none means anything. `volume` (of our sounds) and
 * `size` (of the page) are percent. `typing`: they see each letter ("live"), or lines ("line");
 * "usual" is what suits the rest, see `typesLive`. `camera`: at the start of a call. `lens`: the
 * device id of the camera that the person switched to last; "" is the usual rear one. `tips`: in how
 * many more of a Volunteer's calls the hints on describing lie open.
 */

/**
 * @import { Among, Topic } from "../protocol.js"
 * @typedef {"light" | "zoom" | "lens" | "photo"} Control what a Volunteer may do to the phone
 * @typedef {"allow" | "ask" | "never"} Word
 * @typedef {Record<Control, Word>} May
 * @typedef {{
 *   name: string, languages: string[], topics: Topic[], among: Among,
 *   announcements: "more" | "less", tones: boolean, volume: number, vibration: boolean,
 *   contrast: "system" | "more", size: number, hints: boolean, braille: boolean,
 *   typing: "usual" | "live" | "line", camera: "on" | "off", lens: string, tips: number, may: May,
 * }} Mine
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Memory
 */

const KEY = "assist.mine";
const MOST_NAME = 40;
const MOST_LENS = 200;
const MOST_LANGUAGES = 8;
const TAG = /^[a-z]{2,3}$/;

/** @type {May} */
const USUAL_MAY = { light: "allow", zoom: "allow", lens: "allow", photo: "ask" };
/** @type {Mine} */
export const USUAL = {
  name: "", languages: [], topics: [], among: "circle_first",
  announcements: "more", tones: true, volume: 70, vibration: true,
  contrast: "system", size: 100, hints: true, braille: false, typing: "usual",
  camera: "on", lens: "", tips: 3, may: USUAL_MAY,
};

/** @type {readonly Word[]} */
export const WORDS = ["allow", "ask", "never"];
/** @type {readonly Control[]} */
export const CONTROLS = ["light", "zoom", "lens", "photo"];
/** @type {readonly Among[]} */
export const AMONG = ["circle", "circle_first", "anyone"];
/** @type {readonly Topic[]} */
export const TOPICS = ["reading", "technology", "cooking", "finding", "indoors"];

/**
 * What is missing or makes no sense becomes the usual: the document may be old, or somebody else's.
 * @param {unknown} found
 * @returns {Mine}
 */
export function mineOf(found) {
  const kept = objectOf(found);
  const may = objectOf(kept.may);
  return {
    name: text(kept.name, MOST_NAME).trim(),
    languages: some(kept.languages, (tag) => TAG.test(tag)).slice(0, MOST_LANGUAGES),
    topics: /** @type {Topic[]} */ (some(kept.topics, (topic) => includes(TOPICS, topic))),
    among: one(kept.among, AMONG, USUAL.among),
    announcements: one(kept.announcements, ["more", "less"], USUAL.announcements),
    tones: flag(kept.tones, USUAL.tones),
    volume: within(kept.volume, 0, 100, USUAL.volume),
    vibration: flag(kept.vibration, USUAL.vibration),
    contrast: one(kept.contrast, ["system", "more"], USUAL.contrast),
    size: within(kept.size, 100, 200, USUAL.size),
    hints: flag(kept.hints, USUAL.hints),
    braille: flag(kept.braille, USUAL.braille),
    typing: one(kept.typing, ["usual", "live", "line"], USUAL.typing),
    camera: one(kept.camera, ["on", "off"], USUAL.camera),
    lens: text(kept.lens, MOST_LENS),
    tips: within(kept.tips, 0, USUAL.tips, USUAL.tips),
    may: {
      light: one(may.light, WORDS, USUAL_MAY.light),
      zoom: one(may.zoom, WORDS, USUAL_MAY.zoom),
      lens: one(may.lens, WORDS, USUAL_MAY.lens),
      photo: one(may.photo, WORDS, USUAL_MAY.photo),
    },
  };
}

/**
 * Do the others see each letter as it is typed? Whoever reads braille converses in this way, unless
 * they said otherwise.
 * @param {Pick<Mine, "typing" | "braille">} mine
 */
export const typesLive = ({ typing, braille }) => typing === "live" || (typing === "usual" && braille);

/**
 * The document, kept at each change. A memory that is full or forbidden costs the remembering,
 * never the choice: it holds for as long as the page is open.
 * @param {Memory} memory
 */
export function createMine(memory = localStorage) {
  let mine = recall(memory);
  /** @type {((mine: Mine) => void)[]} */
  const watchers = [];

  /** @param {Mine} next */
  function become(next) {
    mine = next;
    for (const watch of watchers) watch(mine);
  }

  // Another page of ours, the settings most of all, may be open beside this one.
  globalThis.addEventListener?.("storage", ({ key }) => {
    if (key === KEY || key === null) become(recall(memory));
  });

  return {
    get: () => mine,
    /**
     * @param {Partial<Mine>} change
     * @returns {boolean} whether it will be there at the next visit
     */
    change(change) {
      become(mineOf({ ...mine, ...change }));
      return keep(memory, mine);
    },
    /** What the device has now: another page of ours may have changed it this very moment. */
    refresh: () => become(recall(memory)),
    /** Back to what is usual; nothing stays on the device. */
    forget() {
      become(USUAL);
      keep(memory, null);
    },
    /** @param {(mine: Mine) => void} watch heard at each change */
    watch: (watch) => void watchers.push(watch),
  };
}

/** @typedef {ReturnType<typeof createMine>} MineStore */

/**
 * @param {Memory} memory
 * @returns {Mine}
 */
function recall(memory) {
  try {
    return mineOf(JSON.parse(memory.getItem(KEY) ?? "{}"));
  } catch {
    return USUAL;
  }
}

/**
 * @param {Memory} memory
 * @param {Mine | null} mine
 */
function keep(memory, mine) {
  try {
    if (mine) memory.setItem(KEY, JSON.stringify(mine));
    else memory.removeItem(KEY);
    return true;
  } catch {
    return false; // nothing is lost but the remembering
  }
}

/**
 * @param {unknown} found
 * @returns {Record<string, unknown>}
 */
const objectOf = (found) =>
  typeof found === "object" && found !== null ? /** @type {Record<string, unknown>} */ (found) : {};

/**
 * @param {unknown} found
 * @param {number} most
 */
const text = (found, most) => (typeof found === "string" ? found.slice(0, most) : "");

/**
 * @param {unknown} found
 * @param {boolean} usual
 */
const flag = (found, usual) => (typeof found === "boolean" ? found : usual);

/**
 * @param {unknown} found
 * @param {number} least
 * @param {number} most
 * @param {number} usual
 */
const within = (found, least, most, usual) =>
  typeof found === "number" && found >= least && found <= most ? Math.round(found) : usual;

/**
 * @template {string} T
 * @param {unknown} found
 * @param {readonly T[]} known
 * @param {T} usual
 */
const one = (found, known, usual) => (includes(known, found) ? found : usual);

/**
 * Each of them once.
 * @param {unknown} found
 * @param {(each: string) => boolean} fits
 */
const some = (found, fits) =>
  Array.isArray(found)
    ? [...new Set(found)].filter((each) => typeof each === "string" && fits(each))
    : [];

/**
 * @template {string} T
 * @param {readonly T[]} known
 * @param {unknown} found
 * @returns {found is T}
 */
const includes = (known, found) => known.some((each) => each === found);
