/** How does somebody thank their Volunteer in words? One line, and only if they like. */

/** @import { RequesterState } from "../state/requester.js" */
/** @import { Voice } from "./voice.js" */

import { element, find, write } from "./dom.js";
import { post } from "./questions.js";

/** @param {Voice} voice */
export function createThank(voice) {
  const form = find("#thank", HTMLFormElement);
  const part = element("[data-thank]");
  const wish = element("[data-meet]");
  const usual = wish.textContent ?? "";
  const call = find("[name=call]", HTMLInputElement, form);
  const box = find("[name=text]", HTMLInputElement, part);
  const heading = find("h1", HTMLElement, part.closest("[data-view]") ?? document);
  let name = "";

  async function send() {
    if (!box.value.trim()) return box.focus();
    const told = await post(form.action, new FormData(form));
    voice.tell({ key: told ? "thank.sent" : "thank.failed", params: { name }, assertive: !told });
    if (!told) return;
    box.value = "";
    // The button they stand on goes with what it was for.
    if (part.contains(document.activeElement)) heading.focus();
    part.hidden = true;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });

  return {
    /** @param {RequesterState} state nobody is named whom they did not meet, or have blocked */
    show({ ended, met }) {
      const id = ended?.call ?? "";
      if (call.value === id) return;
      [call.value, box.value, name] = [id, "", met?.call === id ? met.peer : ""];
      part.hidden = !name;
      write(element("label", part), voice.words("thank.label", { name }));
      write(wish, name ? voice.words("meet_again", { name }) : usual);
    },
  };
}
