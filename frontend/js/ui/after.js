/** What can a person say after a call? Two questions, each optional, and a door to a report. */

/** @import { Voice } from "./voice.js" */

import { button, find } from "./dom.js";
import { Questions, post } from "./questions.js";

/**
 * @param {Voice} voice
 * @param {() => void} onDone the person is finished with the questions
 */
export function createAfter(voice, onDone) {
  const questions = new Questions(find("[data-questions]", HTMLFormElement));
  const report = createReport(voice);
  /** @type {NodeListOf<HTMLElement>} */
  const unkept = document.querySelectorAll("[data-unkept]");
  /** @type {NodeListOf<HTMLElement>} */
  const kept = document.querySelectorAll("[data-report], .tick:has([data-meet])");

  async function send() {
    const told = await questions.send();
    if (told) onDone();
    voice.tell({ key: told ? "answers.sent" : "answers.failed", assertive: !told });
  }

  questions.form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  button("[data-skip]").addEventListener("click", () => {
    questions.leave();
    onDone();
  });
  return {
    /**
     * @param {string} call
     * @param {boolean} practice nothing of it is sent
     */
    begin(call, practice = false) {
      for (const each of unkept) each.hidden = !practice;
      for (const each of kept) each.hidden = practice;
      questions.begin(call, !practice);
      report.begin(call);
    },
    leave: () => questions.leave(),
  };
}

/** @param {Voice} voice */
function createReport(voice) {
  const form = find("#report", HTMLFormElement);
  const call = find("[name=call]", HTMLInputElement, form);
  const text = find("textarea", HTMLTextAreaElement, form);
  const opener = button("[data-report]");
  let last = "";

  /** @param {boolean} open */
  function show(open) {
    form.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  }

  async function send() {
    const told = await post(form.action, new FormData(form));
    voice.tell({ key: told ? "report.sent" : "report.failed", assertive: true });
    if (!told) return;
    text.value = "";
    opener.focus();
    show(false);
  }

  opener.addEventListener("click", () => {
    show(form.hidden !== false);
    /** @type {HTMLElement | null} */
    const whom = form.querySelector("[data-about]:not([hidden]) select");
    if (!form.hidden) (whom ?? text).focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  return {
    /** @param {string} id */
    begin(id) {
      if (last === id) return;
      last = call.value = id;
      text.value = "";
      show(false);
    },
  };
}
