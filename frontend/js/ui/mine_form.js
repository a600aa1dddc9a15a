/** What stands in the form of a person's own settings, and what does a change of it mean? */

/**
 * @import { Control, Mine } from "../state/mine.js"
 * @typedef {Map<string, string[]>} Fields the chosen values of each control, by its name
 */

import { mineOf, typesLive } from "../state/mine.js";
import { find } from "./dom.js";

const MOST_LANGUAGES = 8;
const ON = "on";
/** @type {readonly Control[]} */
const CONTROLS = ["light", "zoom", "lens", "photo"];
/** @type {readonly ("tones" | "vibration" | "braille" | "hints")[]} */
const TICKS = ["tones", "vibration", "braille", "hints"];

/**
 * @param {Mine} mine
 * @returns {Fields}
 */
export function fieldsOf(mine) {
  const { name, languages, topics, announcements, volume, contrast, size, camera, may } = mine;
  return new Map(Object.entries({
    name: [name], language: languages, topic: topics,
    announcements: [announcements], volume: [String(volume)],
    contrast: [contrast], size: [String(size)], camera: [camera],
    typing: typesLive(mine) ? [ON] : [],
    ...Object.fromEntries(TICKS.map((tick) => [tick, mine[tick] ? [ON] : []])),
    ...Object.fromEntries(CONTROLS.map((control) => [`may.${control}`, [may[control]]])),
  }));
}

/**
 * What the form says now. What it does not show stays as it was: the lens, whom to ask.
 * @param {FormData} form
 * @param {Mine} mine
 * @returns {Mine}
 */
export function readForm(form, mine) {
  const one = (/** @type {string} */ name) => form.get(name);
  return mineOf({
    ...mine,
    name: one("name"),
    languages: form.getAll("language").filter(Boolean),
    topics: form.getAll("topic"),
    announcements: one("announcements"),
    volume: Number(one("volume")),
    contrast: one("contrast"),
    size: Number(one("size")),
    camera: one("camera"),
    typing: typingOf(form.has("typing"), mine),
    ...Object.fromEntries(TICKS.map((tick) => [tick, form.has(tick)])),
    may: Object.fromEntries(CONTROLS.map((control) => [control, one(`may.${control}`)])),
  });
}

/**
 * As long as nobody touched that tick, it goes with what suits the rest.
 * @param {boolean} live
 * @param {Mine} mine as it was
 */
function typingOf(live, mine) {
  if (live === typesLive(mine)) return mine.typing;
  return live ? "live" : "line";
}

/**
 * Write what is chosen into the form.
 * @param {HTMLFormElement} form
 * @param {Mine} mine
 */
export function fill(form, mine) {
  makePlaces(form, mine.languages);
  for (const [name, values] of fieldsOf(mine)) {
    form.querySelectorAll(`[name="${name}"]`).forEach((control, at) => {
      if (control instanceof HTMLSelectElement) control.value = values[at] ?? "";
      else if (control instanceof HTMLInputElement) set(control, values);
    });
  }
}

/**
 * @param {HTMLInputElement} control
 * @param {string[]} values
 */
function set(control, values) {
  if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
  else if (control.value !== values[0]) control.value = values[0] ?? "";
}

/**
 * One place for a language more than are chosen; none is taken away while somebody is there.
 * @param {HTMLFormElement} form
 * @param {string[]} chosen
 */
export function makePlaces(form, chosen) {
  const box = find("#languages", HTMLElement, form);
  const first = find("select", HTMLSelectElement, box);
  for (const tag of chosen) offer(first, tag);
  for (let number = count(box) + 1; number <= Math.min(MOST_LANGUAGES, chosen.length + 1); number += 1) {
    const label = document.createElement("label");
    label.htmlFor = `language-${number}`;
    label.textContent = (box.dataset.label ?? "").replace("{number}", String(number));
    const select = /** @type {HTMLSelectElement} */ (first.cloneNode(true));
    [select.id, select.value] = [label.htmlFor, ""];
    box.append(label, select);
  }
}

/** @param {HTMLElement} box */
const count = (box) => box.querySelectorAll("select").length;

/**
 * A language that the house has no name for, but the browser may.
 * @param {HTMLSelectElement} select
 * @param {string} tag
 */
function offer(select, tag) {
  if ([...select.options].some((option) => option.value === tag)) return;
  const names = new Intl.DisplayNames([tag, "en"], { type: "language" });
  select.append(new Option(names.of(tag) ?? tag, tag));
}
