/** Whom does the person want to be asked, and about what? Chosen before the call, never required. */

/** @import { Among, Topic } from "../protocol.js" */
/** @import { Wishes } from "../state/requester.js" */

import { find } from "./dom.js";

const KEY = "assist.among";
/** @type {Record<Among, true>} */
const AMONG = { circle: true, circle_first: true, anyone: true };
/** @type {Record<Topic, true>} */
const TOPICS = { reading: true, technology: true, cooking: true, finding: true, indoors: true };

/**
 * "Remember this" keeps whom to ask on this device; what it is about is for one call.
 * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
 */
export function createWishes(storage = localStorage) {
  const form = find("#wishes", HTMLFormElement);
  const remember = find("[name=remember]", HTMLInputElement, form);
  const kept = recall(storage);
  if (kept) find(`[name=among][value=${kept}]`, HTMLInputElement, form).checked = true;
  remember.checked = kept !== null;

  form.addEventListener("change", () => keep(storage, remember.checked ? read(form).among : null));
  form.addEventListener("submit", (event) => event.preventDefault());
  return { read: () => read(form) };
}

/**
 * @param {HTMLFormElement} form
 * @returns {Wishes}
 */
function read(form) {
  const chosen = new FormData(form);
  return wishesOf(String(chosen.get("among") ?? ""), String(chosen.get("topic") ?? ""));
}

/**
 * @param {string} among
 * @param {string} topic
 * @returns {Wishes}
 */
export function wishesOf(among, topic) {
  return { among: isAmong(among) ? among : "circle_first", topic: isTopic(topic) ? topic : null };
}

/**
 * @param {Pick<Storage, "getItem">} storage
 * @returns {Among | null}
 */
export function recall(storage) {
  try {
    const kept = storage.getItem(KEY) ?? "";
    return isAmong(kept) ? kept : null;
  } catch {
    return null;
  }
}

/**
 * A storage that is full or forbidden costs the memory, never the call.
 * @param {Pick<Storage, "setItem" | "removeItem">} storage
 * @param {Among | null} among
 */
export function keep(storage, among) {
  try {
    if (among) storage.setItem(KEY, among);
    else storage.removeItem(KEY);
  } catch {
    // Nothing to be done, and nothing lost but a convenience.
  }
}

/**
 * @param {string} text
 * @returns {text is Among}
 */
const isAmong = (text) => Object.hasOwn(AMONG, text);

/**
 * @param {string} text
 * @returns {text is Topic}
 */
const isTopic = (text) => Object.hasOwn(TOPICS, text);
