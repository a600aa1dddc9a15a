/** Who is in the Circle, and who has come? The list on the page, kept as the server has it. */

import { element, find, write } from "./dom.js";
import { minutes } from "./time.js";

/** @import { Announcer } from "./announce.js" */

const SECTIONS = ["#newcomers", "#members", "#invitation"];
/** @typedef {{person: string, confirmed: boolean, text: string}} One */
/** @typedef {{people: One[], left_ms: number}} State */

let left_until_ms = 0;

/**
 * @param {string} list
 * @returns {Set<string>} who stands in this list of the page
 */
function shown(list) {
  return new Set([...document.querySelectorAll(`${list} [data-person]`)].map(personOf));
}

/** @param {Element} item */
const personOf = (item) => item.getAttribute("data-person") ?? "";

/** @param {State} state */
function differs(state) {
  const now = new Set(state.people.map((one) => `${one.person} ${one.confirmed}`));
  const here = [...shown("#newcomers")].map((one) => `${one} false`);
  const members = [...shown("#members")].map((one) => `${one} true`);
  const known = new Set([...here, ...members]);
  const people = known.size === now.size && [...now].every((one) => known.has(one));
  return !people || state.left_ms > 0 !== Boolean(document.querySelector("#left"));
}

/**
 * The server renders; what did not change stays, and with it the focus.
 * @param {Announcer} announcer
 */
async function take(announcer) {
  const answer = await fetch("/circle/");
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const section of SECTIONS) {
    const [here, there] = [element(section), fresh.querySelector(section)];
    if (!(there instanceof HTMLElement) || here.textContent === there.textContent) continue;
    here.hidden = there.hidden;
    const reading = here.contains(document.activeElement);
    if (reading && here.querySelector("ul")) {
      keepLiving(here, there);
      continue;
    }
    // A spent invitation goes, whoever reads it: its code is good for nobody any more.
    here.replaceChildren(...there.childNodes);
    if (reading) element("h2", here).focus();
  }
  prepare(announcer);
}

/**
 * Somebody's finger is in this list: add and remove people around it, and leave the rest.
 * @param {HTMLElement} here
 * @param {HTMLElement} there
 */
function keepLiving(here, there) {
  const list = here.querySelector("ul");
  const coming = there.querySelectorAll("[data-person]");
  const names = new Set([...coming].map(personOf));
  for (const item of here.querySelectorAll("[data-person]")) {
    if (!names.has(personOf(item)) && !item.contains(document.activeElement)) item.remove();
  }
  const known = new Set([...here.querySelectorAll("[data-person]")].map(personOf));
  for (const item of coming) if (!known.has(personOf(item))) list?.append(item);
}

/**
 * Look who is there; a newcomer is announced.
 * @param {Announcer} announcer
 */
export async function look(announcer) {
  const answer = await fetch("/circle/state/").catch(() => null);
  if (!answer?.ok) return;
  /** @type {State} */
  const state = await answer.json();
  const known = shown("#newcomers");
  const news = state.people.filter((one) => !one.confirmed && !known.has(one.person));
  for (const one of news) announcer.say(one.text);
  if (differs(state)) await take(announcer);
}

/**
 * After each rendering: the time left, and a button that only a script can serve.
 * @param {Announcer} announcer
 */
export function prepare(announcer) {
  const left = document.querySelector("#left");
  left_until_ms = performance.now() + Number(left?.getAttribute("data-left-ms") ?? 0);
  const copy = document.querySelector("#copy");
  if (copy instanceof HTMLButtonElement && navigator.clipboard) {
    copy.hidden = false;
    copy.onclick = () => void copyLink(copy, announcer);
  }
  tick();
}

/**
 * A browser may refuse: then the link is marked, for the person's own way of copying.
 * @param {HTMLButtonElement} copy
 * @param {Announcer} announcer
 */
async function copyLink(copy, announcer) {
  const link = find("#link", HTMLInputElement);
  const copied = await navigator.clipboard.writeText(link.value).then(() => true, () => false);
  if (!copied) {
    link.focus();
    link.select();
  }
  const text = (copied ? copy.dataset.done : copy.dataset.failed) ?? "";
  const line = element("#copied");
  write(line, text);
  line.hidden = false;
  announcer.say(text);
}

/** How long the invite is still good. */
export function tick() {
  const left = document.querySelector("#left");
  if (left) left.textContent = minutes(left_until_ms - performance.now());
}
