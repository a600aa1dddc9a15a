/** How does a Volunteer say that they hand over, and read what the one before them wrote? */

/**
 * @import { HandWish } from "../call/handing.js"
 * @import { Note } from "../call/words_between.js"
 * @import { WhyHanded } from "../protocol.js"
 * @import { Voice } from "./voice.js"
 */

import { button, element, find, write } from "./dom.js";

/**
 * Never by accident: one press opens the choices, another one hands over.
 * @param {{expect: () => void}} views
 * @param {(wish: HandWish) => void} run
 */
export function createHanding(views, run) {
  const opener = button("#hand");
  const form = find("#handing", HTMLFormElement);

  /** @param {boolean} open */
  function show(open) {
    form.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (!open) form.reset();
    follow();
  }

  /** Only what goes with the reason is there to be chosen, and must be. */
  function follow() {
    const { why } = read();
    for (const each of form.querySelectorAll("[data-for]")) {
      const wanted = each.getAttribute("data-for") === why;
      element(`[data-for="${each.getAttribute("data-for")}"]`, form).hidden = !wanted;
      find("select", HTMLSelectElement, each).disabled = !wanted;
    }
  }

  /** @returns {HandWish} */
  function read() {
    const data = new FormData(form);
    const why = /** @type {WhyHanded} */ (data.get("why"));
    const [what, note] = [data.get(why), data.get("note")].map((each) => String(each ?? ""));
    return { why, what: what ?? "", note: (note ?? "").trim(), stop: data.has("stop") };
  }

  opener.addEventListener("click", () => {
    show(form.hidden !== false);
    if (!form.hidden) find("input", HTMLInputElement, form).focus();
  });
  button("[data-stay]", form).addEventListener("click", () => {
    opener.focus();
    show(false);
  });
  form.addEventListener("change", follow);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    views.expect();
    const wish = read();
    opener.focus();
    show(false);
    run(wish);
  });
  show(false);
}

/** @param {Voice} voice */
export function createNote({ words, tell }) {
  const place = element("#handed-note");

  /** @param {Note | null} note null: it was for this call alone */
  return (note) => {
    const key = note?.from ? "note.theirs.named" : "note.theirs";
    const params = { name: note?.from ?? "", text: note?.text ?? "" };
    const text = note ? words(key, params) : "";
    const news = note !== null && place.textContent !== text;
    write(place, text);
    place.hidden = note === null;
    if (news) tell({ key, params, topic: "note" });
  };
}
