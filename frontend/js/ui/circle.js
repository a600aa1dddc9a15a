/** Who is in the Circle, and who has come? The list on the page, kept as the server has it. */

import { element } from "./dom.js";
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
    if (here.contains(document.activeElement)) keepLiving(here, there);
    else here.replaceChildren(...there.childNodes);
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
  if (differs(state)) await take(announcer);
  for (const one of news) announcer.say(one.text);
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
    copy.onclick = async () => {
      const link = document.querySelector("#link");
      if (link instanceof HTMLInputElement) await navigator.clipboard.writeText(link.value);
      announcer.say(copy.dataset.done ?? "");
    };
  }
  tick();
}

/** How long the invite is still good. */
export function tick() {
  const left = document.querySelector("#left");
  if (left) left.textContent = minutes(left_until_ms - performance.now());
}
