/** What did people want to thank this Volunteer for? Said when no call is disturbed by it, and once. */

/**
 * @import { VolunteerState } from "../state/volunteer.js"
 * @import { Voice } from "./voice.js"
 */

import { element, find } from "./dom.js";
import { post } from "./questions.js";

/** @typedef {{call: string, text: string}} Thanks */

/**
 * @param {Voice} voice
 * @param {{watch: (watch: (before: VolunteerState, now: VolunteerState) => void) => void}} store
 */
export function createThanks(voice, store) {
  const section = element("#thanks");
  const list = element("ul", section);
  const form = find("form", HTMLFormElement, section);
  /** @type {Thanks[]} */
  let unread = [];
  /** @type {Set<string>} */
  const read = new Set();
  let isFree = false;
  let isOwed = false;

  async function look() {
    const answer = await fetch("/thanks/", { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    unread = (await answer.json()).thanks.filter((/** @type {Thanks} */ { call }) => !read.has(call));
    show();
  }

  function show() {
    if (!isFree) return;
    for (const each of unread.splice(0)) {
      read.add(each.call);
      list.append(item(each));
      section.hidden = false;
      voice.tell({ key: "thanks", params: { text: each.text }, tone: "message" });
      void post(form.action, about(each));
    }
  }

  /** @param {Thanks} thanks */
  function item(thanks) {
    const line = document.createElement("li");
    const words = document.createElement("p");
    words.className = "asked";
    words.dir = "auto";
    words.textContent = thanks.text;
    const report = document.createElement("button");
    report.type = "button";
    report.className = "quiet";
    report.textContent = voice.words("thanks.report");
    report.addEventListener("click", () => void complain(thanks, line));
    line.append(words, report);
    return line;
  }

  /** @param {Thanks} thanks who complains of it does not meet it again: its words go along */
  function about({ call }, text = "") {
    const fields = new FormData(form);
    fields.set("call", call);
    fields.set("role", "volunteer");
    fields.set("text", text);
    return fields;
  }

  /**
   * @param {Thanks} thanks
   * @param {HTMLElement} line
   */
  async function complain(thanks, line) {
    const told = await post("/report/", about(thanks, voice.words("thanks", { text: thanks.text })));
    voice.tell({ key: told ? "report.sent" : "report.failed", assertive: true });
    if (!told) return;
    element("h2", section).focus();
    line.remove();
    section.hidden = !list.children.length;
  }

  store.watch((before, now) => {
    isFree = !now.call && !now.offer;
    isOwed ||= now.linked && !before.linked;
    // Not before the first Snapshot: who was opened by a ring has another person to think of.
    if (isOwed && isFree && now.seq >= 0) {
      isOwed = false;
      void look();
    }
    show();
  });

  return {
    /** @param {{type: string}} message */
    heard: ({ type }) => void (type === "thanks.here" && look()),
  };
}
