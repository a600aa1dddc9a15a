/**
 * What do the two pages of a Call say to each other?
 *
 * JSON texts on the data channel; the relay passes them on unread. The other page is not trusted:
 * what is too long, of an unknown kind or of a wrong type is dropped without a word.
 */

import { CONTROLS, TOPICS, WORDS } from "../state/mine.js";
import { MOST_BYTES as MOST_PHOTO } from "./photo.js";

const MOST_BYTES = 4096;
export const MOST_TEXT = 1000;
/** Of what one Volunteer tells the next. */
export const MOST_NOTE = 200;
export const LIFE_SIGN = "b";
/** Said by the relay alone: it is about to leave, and another one takes us. */
export const MOVE = "m";

/**
 * @import { WhyHanded } from "../protocol.js"
 * @import { May } from "../state/mine.js"
 * @import { No, Wish } from "./consent.js"
 * @typedef {{t: "text", text: string}} Text somebody typed
 * @typedef {{t: "typing", text: string}} Typing a line as it stands so far; "" takes it back
 * @typedef {{t: "quick", reply: Reply}} Quick a reply of few words, told in the hearer's language
 * @typedef {"yes" | "no" | "again" | "slower"} Reply
 * @typedef {Text | Typing | Quick} Typed
 * @typedef {{t: "light", on: boolean}} Light the Volunteer asks for their light
 * @typedef {{t: "light.is", on: boolean, able: boolean}} LightIs the Requester's page answers
 * @typedef {{t: "zoom", times: number}} Zoom the Volunteer asks for their zoom
 * @typedef {{t: "zoom.is", times: number, most: number}} ZoomIs `most`: 1 where it has none
 * @typedef {{t: "lens"}} Lens the Volunteer asks for the next of their rear cameras
 * @typedef {{t: "lens.is", of: number}} LensIs how many of them there are
 * @typedef {{t: "camera", paused: boolean}} Camera
 * @typedef {{t: "mic", muted: boolean}} Mic
 * @typedef {{t: "may"} & May} MayIs what the Volunteer may do to the phone
 * @typedef {{t: "asked", control: Wish}} Asked the Requester is being asked
 * @typedef {{t: "no", control: Wish, why: No | "paused" | "failed"}} Denied
 * @typedef {{t: "hand", why: WhyHanded, what: string, note: string}} Hand the Volunteer would hand
 *   over; `what`: the language or the topic; `note`: to the next Volunteer, by the Requester's page
 * @typedef {{t: "hand.yes"}} HandYes the person would like that, and their page has the note
 * @typedef {{t: "note", text: string}} Note what the Volunteer before wrote, as this page says
 * @typedef {{t: "photo.please"}} PhotoPlease the Volunteer asks for a sharp photo
 * @typedef {{t: "photo", id: number, bytes: number, width: number, height: number}} Photo it comes
 * @typedef {{t: "photo.got", id: number, count: number, again: boolean}} PhotoGot so many pieces
 * @typedef {{t: "photo.stop", id: number}} PhotoStop
 * @typedef {Typed | Light | LightIs | Zoom | ZoomIs | Lens | LensIs | Camera | Mic | MayIs | Asked | Denied
 *   | Hand | HandYes | Note | PhotoPlease | Photo | PhotoGot | PhotoStop} Between
 * @typedef {{light: boolean, able: boolean, paused: boolean | null, muted: boolean, times: number,
 *   most: number, lenses: number, may: May}} Theirs `paused`: null until they have said it
 */

/** What is taken for granted before the other page has said anything. @type {Theirs} */
export const UNSAID = {
  light: false, able: false, paused: null, muted: false, times: 1, most: 1, lenses: 0,
  may: { light: "never", zoom: "never", lens: "never", photo: "never" },
};
/** @type {readonly Reply[]} */
export const REPLIES = ["yes", "no", "again", "slower"];
const MOST_TIMES = 1000;
const DENIALS = ["refused", "unanswered", "never", "busy", "paused", "failed"];

/** @type {Record<string, (m: any) => Between | null>} */
const READERS = {
  text: (m) => readText(m.text),
  typing: (m) => readTyping(m.text),
  quick: (m) => (REPLIES.includes(m.reply) ? { t: "quick", reply: m.reply } : null),
  light: (m) => (flag(m.on) ? { t: "light", on: m.on } : null),
  "light.is": (m) =>
    flag(m.on) && flag(m.able) ? { t: "light.is", on: m.on, able: m.able } : null,
  zoom: (m) => (times(m.times) ? { t: "zoom", times: m.times } : null),
  "zoom.is": (m) =>
    times(m.times) && times(m.most) ? { t: "zoom.is", times: m.times, most: m.most } : null,
  lens: () => ({ t: "lens" }),
  "lens.is": (m) => (whole(m.of) ? { t: "lens.is", of: m.of } : null),
  camera: (m) => (flag(m.paused) ? { t: "camera", paused: m.paused } : null),
  mic: (m) => (flag(m.muted) ? { t: "mic", muted: m.muted } : null),
  may: (m) => readMay(m),
  asked: (m) => (isControl(m.control) ? { t: "asked", control: m.control } : null),
  no: (m) =>
    isControl(m.control) && DENIALS.includes(m.why) ? { t: "no", control: m.control, why: m.why } : null,
  hand: (m) => readHand(m),
  "hand.yes": () => ({ t: "hand.yes" }),
  note: (m) => readNote(m),
  "photo.please": () => ({ t: "photo.please" }),
  photo: (m) => readPhoto(m),
  "photo.got": (m) =>
    whole(m.id) && whole(m.count) && flag(m.again)
      ? { t: "photo.got", id: m.id, count: m.count, again: m.again }
      : null,
  "photo.stop": (m) => (whole(m.id) ? { t: "photo.stop", id: m.id } : null),
};

/**
 * @param {unknown} data what the channel brought
 * @returns {Between | null} null for everything that is no message of ours
 */
export function readBetween(data) {
  if (typeof data !== "string" || data.length > MOST_BYTES) return null;
  try {
    const message = JSON.parse(data);
    const kind = message?.t;
    return typeof kind === "string" && Object.hasOwn(READERS, kind)
      ? (READERS[kind]?.(message) ?? null)
      : null;
  } catch {
    return null;
  }
}

/**
 * What the other page says of itself.
 * @param {Theirs} theirs
 * @param {Between} message
 * @returns {Theirs}
 */
export function heard(theirs, message) {
  switch (message.t) {
    case "light.is":
      return { ...theirs, light: message.on, able: message.able };
    case "zoom.is":
      return { ...theirs, times: message.times, most: message.most };
    case "lens.is":
      return { ...theirs, lenses: message.of };
    case "camera":
      return { ...theirs, paused: message.paused };
    case "mic":
      return { ...theirs, muted: message.muted };
    case "may": {
      const { light, zoom, lens, photo } = message;
      return { ...theirs, may: { light, zoom, lens, photo } };
    }
    default:
      return theirs;
  }
}

/** @param {unknown} control */
const isControl = (control) => control === "hand" || CONTROLS.some((each) => each === control);

/** What each reason must name. @type {Record<WhyHanded, (what: string) => boolean>} */
const NAMED = {
  must_go: (what) => what === "",
  language: (what) => /^[a-z]{2,3}$/.test(what),
  topic: (what) => TOPICS.some((each) => each === what),
};

/**
 * @param {Record<string, unknown>} m
 * @returns {Hand | null}
 */
function readHand({ why, what, note }) {
  if (typeof why !== "string" || typeof what !== "string" || typeof note !== "string") return null;
  if (!Object.hasOwn(NAMED, why) || note.length > MOST_NOTE) return null;
  const reason = /** @type {WhyHanded} */ (why);
  return NAMED[reason](what) ? { t: "hand", why: reason, what, note: tidy(note) } : null;
}

/**
 * @param {Record<string, unknown>} m
 * @returns {Note | null}
 */
function readNote({ text }) {
  if (typeof text !== "string" || text.length > MOST_NOTE || !tidy(text)) return null;
  return { t: "note", text: tidy(text) };
}

/**
 * @param {Record<string, unknown>} m
 * @returns {MayIs | null} only if there is a word for each
 */
function readMay({ light, zoom, lens, photo }) {
  const all = [light, zoom, lens, photo];
  if (!all.every((word) => WORDS.some((each) => each === word))) return null;
  return /** @type {MayIs} */ ({ t: "may", light, zoom, lens, photo });
}

/** @param {unknown} value */
const times = (value) => typeof value === "number" && value >= 1 && value <= MOST_TIMES;

/** @param {unknown} value */
const flag = (value) => typeof value === "boolean";

/**
 * @param {unknown} value
 * @param {number} most
 */
const whole = (value, most = 2 ** 32 - 1) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;

/**
 * @param {{id: unknown, bytes: unknown, width: unknown, height: unknown}} m
 * @returns {Photo | null}
 */
function readPhoto({ id, bytes, width, height }) {
  if (!whole(id) || !whole(bytes, MOST_PHOTO) || !whole(width) || !whole(height)) return null;
  if (!bytes || !width || !height) return null;
  return /** @type {Photo} */ ({ t: "photo", id, bytes, width, height });
}

/**
 * @param {unknown} text
 * @returns {Text | null}
 */
function readText(text) {
  if (typeof text !== "string") return null;
  const clean = tidy(text);
  return clean && clean.length <= MOST_TEXT ? { t: "text", text: clean } : null;
}

/**
 * @param {unknown} text
 * @returns {Typing | null}
 */
function readTyping(text) {
  if (typeof text !== "string" || text.length > MOST_TEXT) return null;
  return { t: "typing", text: tidy(text) };
}

/**
 * @param {Between} message
 * @returns {message is Typed}
 */
export function isTyped(message) {
  return message.t === "text" || message.t === "typing" || message.t === "quick";
}

/**
 * Without control characters and without those that turn the direction of what stands after them.
 * @param {string} text
 */
export function tidy(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
}
