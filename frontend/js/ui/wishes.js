/** Whom does the person want to be asked, about what, by which name? Nothing of it is required. */

/**
 * @typedef {{tag: string, chosen: boolean}} Language of the page; `chosen`: by the person, at its foot
 * @import { Among, Topic } from "../protocol.js"
 * @import { Wishes } from "../state/requester.js"
 * @import { Mine, MineStore } from "../state/mine.js"
 */

import { AMONG, TOPICS, USUAL } from "../state/mine.js";
import { button, element, find, write } from "./dom.js";
import { primaryLanguages } from "./words.js";

/**
 * The form is folded: most people press the button above it and never look. "Remember this" keeps
 * whom to ask on this device; what it is about is for one call.
 * @param {MineStore} mine
 * @param {Language} language
 */
export function createWishes(mine, language) {
  const form = find("#wishes", HTMLFormElement);
  const remember = find("[name=remember]", HTMLInputElement, form);
  let topics = "";

  /** @param {Mine} now chosen on another page, or the last time */
  function offer(now) {
    remember.checked = now.among !== USUAL.among;
    if (topics === now.topics.join()) return; // what is chosen for this call stays
    topics = now.topics.join();
    for (const radio of form.querySelectorAll("[name=topic]")) offerTopic(radio, now.topics);
  }

  fold(form);
  find(`[name=among][value=${mine.get().among}]`, HTMLInputElement, form).checked = true;
  offer(mine.get());
  tell(form);
  mine.watch(offer);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    tell(form);
    mine.change({ among: remember.checked ? read(form).among : USUAL.among });
  });
  return {
    read: () => read(form),
    languages: () => spoken(mine.get(), navigator.languages, language),
    me: () => ({ name: mine.get().name || null, braille: mine.get().braille }),
  };
}

/** @param {HTMLFormElement} form */
function fold(form) {
  const opener = button("#choose");
  opener.addEventListener("click", () => {
    form.hidden = !form.hidden;
    opener.setAttribute("aria-expanded", String(!form.hidden));
  });
}

/**
 * Only what somebody calls about is offered; if that is one thing, it is chosen.
 * @param {Element} radio
 * @param {Topic[]} topics
 */
function offerTopic(radio, topics) {
  if (!(radio instanceof HTMLInputElement)) return;
  const mine = topics.some((topic) => topic === radio.value);
  radio.checked = topics.length === 1 ? mine : radio.value === "";
  const label = radio.closest("label");
  if (label) label.hidden = topics.length > 0 && !mine && radio.value !== "";
}

/**
 * What is out of the ordinary can be read while the form is folded.
 * @param {HTMLFormElement} form
 */
function tell(form) {
  const { among, topic } = read(form);
  const chosen = [among === USUAL.among ? "" : `among][value=${among}`, topic ? `topic][value=${topic}` : ""];
  const labels = chosen.filter(Boolean).map((one) => find(`[name=${one}]`, HTMLInputElement, form).closest("label"));
  write(element("#chosen"), labels.map((label) => label?.textContent?.trim()).join(" · "));
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
  return { among: isAmong(among) ? among : USUAL.among, topic: isTopic(topic) ? topic : null };
}

/**
 * The person's own list, best first; else what they chose for the page, and the browser's.
 * @param {Pick<Mine, "languages">} mine
 * @param {readonly string[]} browser
 * @param {Language} page
 */
export function spoken({ languages }, browser, page) {
  const known = page.chosen ? [page.tag, ...browser] : browser;
  return primaryLanguages(languages.length ? languages : known, page.tag);
}

/**
 * @param {string} text
 * @returns {text is Among}
 */
const isAmong = (text) => AMONG.some((among) => among === text);

/**
 * @param {string} text
 * @returns {text is Topic}
 */
const isTopic = (text) => TOPICS.some((topic) => topic === text);
