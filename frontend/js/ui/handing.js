/** How does a Volunteer say that they hand over, and read who is free and what the one before wrote? */

/**
 * @import { Answering } from "../call/answering.js"
 * @import { FreeLine } from "../call/free.js"
 * @import { HandWish } from "../call/handing.js"
 * @import { Note } from "../call/words_between.js"
 * @import { WhyHanded } from "../protocol.js"
 * @import { Voice } from "./voice.js"
 */

import { button, element, find, write } from "./dom.js";

const opener = () => button("#hand");
const choices = () => find("#handing", HTMLFormElement);

/**
 * Never by accident: one press opens the choices, another one hands over. Nothing waits for the word
 * whether anybody else is free.
 * @param {Voice} voice
 * @param {{expect: () => void}} views
 * @param {Pick<Answering, "handOver" | "free">} answering
 */
export function createHanding(voice, views, answering) {
  const form = choices();
  const think = () => answering.free.think(form.hidden ? null : read());
  answering.free.onLine = createFree(voice);

  function close() {
    opener().focus();
    show(false);
    think();
  }

  opener().addEventListener("click", () => {
    show(form.hidden !== false);
    if (!form.hidden) find("input", HTMLInputElement, form).focus();
    think();
  });
  button("[data-stay]", form).addEventListener("click", close);
  form.addEventListener("change", () => (follow(), think()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    views.expect();
    const wish = read();
    close();
    answering.handOver(wish);
  });
  show(false);
}

/**
 * The line in the form, said once when it changes.
 * @param {Voice} voice
 * @returns {(line: FreeLine | null) => void}
 */
function createFree({ words, spelled, announcer }) {
  const place = element("#hand-free");
  return (line) => {
    const text = line ? words(line.key, spelled(line.params ?? {})) : "";
    if (text && text !== place.textContent) announcer.say(text, { topic: "free" });
    write(place, text);
  };
}

/** @param {boolean} open closed, they forget what was chosen and written */
function show(open) {
  const form = choices();
  form.hidden = !open;
  opener().setAttribute("aria-expanded", String(open));
  if (!open) form.reset();
  follow();
}

/** Only what goes with the reason is there to be chosen, and must be. */
function follow() {
  const form = choices();
  const { why } = read();
  for (const each of ["language", "topic"]) {
    element(`[data-for="${each}"]`, form).hidden = each !== why;
    find(`select[name="${each}"]`, HTMLSelectElement, form).disabled = each !== why;
  }
}

/** @returns {HandWish} */
function read() {
  const data = new FormData(choices());
  const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim();
  const why = /** @type {WhyHanded} */ (text("why"));
  return { why, what: text(why), note: text("note"), stop: data.has("stop") };
}

/** @param {Voice} voice */
export function createNote({ words, tell }) {
  const place = element("#handed-note");

  /** @param {Note | null} note null: the call is over; no word of it is for another one */
  return (note) => {
    if (!note) show(false);
    const params = { text: note?.text ?? "" };
    const text = note ? words("note.theirs", params) : "";
    const news = note !== null && place.textContent !== text;
    write(place, text);
    place.hidden = note === null;
    if (news) tell({ key: "note.theirs", params, topic: "note", kept: true });
  };
}
