import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { CELLS, linesOf } from "../../frontend/js/ui/lines.js";

const WORDS = { news: "Connected to {name}.", company: "{n} minutes so far. We are still asking: whoever is free next, too.", also: "Also ask in {language}" };

/** As much of a page as the voice touches. */
class HTMLElement {
  children = [];
  dataset = {};
  classList = { toggle() {} };
  get textContent() { return this.children.map((each) => each.textContent ?? each).join(""); }
  set textContent(text) { this.children = [text]; }
  append(...more) { this.children.push(...more); }
  querySelector() { return new HTMLElement(); }
  querySelectorAll() { return [new HTMLElement(), new HTMLElement()]; }
}
class HTMLScriptElement extends HTMLElement {}

const log = new HTMLElement();
const announced = [];
const page = {
  documentElement: { lang: "en" },
  querySelectorAll: () => [],
  createElement: () => new HTMLElement(),
  querySelector(selector) {
    if (selector === "#log ol") return log;
    if (selector !== "#words") return new HTMLElement();
    return Object.assign(new HTMLScriptElement(), { children: [JSON.stringify(WORDS)] });
  },
};
const kept = new Map();
Object.assign(globalThis, {
  HTMLElement, HTMLScriptElement, document: page, window: globalThis,
  localStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) },
});
const { createVoice } = await import("../../frontend/js/ui/voice.js");

function voice(mine) {
  log.children = [];
  announced.length = 0;
  const made = createVoice();
  made.mine.change(mine);
  made.announcer.say = (text) => announced.push(text);
  return made;
}
const items = () => log.children.map((item) => item.textContent);

test("each announced sentence is in the log word for word, the newest last", () => {
  const { tell, typed } = voice({ announcements: "more" });
  tell({ key: "company", params: { n: 2 }, more: true });
  tell({ key: "news", params: { name: "Noor" }, assertive: true });
  typed("hello", "mine", "");
  assert.deepEqual(items().slice(0, 2), announced);
  assert.equal(announced.length, 2);
});

test("whoever wants to hear less hears what matters, and finds the rest in the log", () => {
  const { tell } = voice({ announcements: "less" });
  tell({ key: "company", params: { n: 2 }, more: true });
  tell({ key: "news", params: { name: "Noor" } });
  assert.deepEqual(announced, ["Connected to Noor."]);
  assert.equal(items().length, 2);
});

test("for a braille display the same words stand in one item of short lines", () => {
  const { tell } = voice({ announcements: "more", braille: true });
  tell({ key: "company", params: { n: 2 } });
  const [item] = log.children;
  const lines = item.children.filter((part) => typeof part === "string");
  assert.equal(item.textContent, announced[0]);
  assert.equal(lines.length, 2);
  assert.ok(lines.every((line) => line.trimEnd().length <= CELLS), lines.join("|"));
});

test("a language in a sentence is named, not tagged", () => {
  voice({ announcements: "more" }).tell({ key: "also", params: { language: "da" } });
  assert.deepEqual(announced, ["Also ask in Danish"]);
});

/** Every sentence of a catalogue, and what it is called there. */
function sentences(text) {
  return [...text.matchAll(/^msg(?:id|id_plural|str(?:\[\d\])?) ((?:"(?:[^"\\]|\\.)*"\n?)+)/gm)]
    .map(([, quoted]) => quoted.trim().split("\n").map((line) => JSON.parse(line)).join(""))
    .filter((sentence) => sentence && !sentence.includes("Content-Type:"));
}

test("in every language every sentence breaks between words", () => {
  const folder = new URL("../../frontend/locale/", import.meta.url);
  const languages = readdirSync(folder).filter((name) => /^[a-z]{2}$/.test(name));
  assert.ok(languages.length >= 4, languages.join());
  for (const language of languages) {
    const all = sentences(readFileSync(new URL(`${language}/LC_MESSAGES/django.po`, folder), "utf8"));
    assert.ok(all.length > 300, `${language} has ${all.length} sentences`);
    for (const sentence of all) {
      const lines = linesOf(sentence);
      assert.equal(lines.join(""), sentence);
      assert.ok(lines.every((line) => [...line.trimEnd()].length <= CELLS), `${language}: ${sentence}`);
      assert.ok(lines.slice(0, -1).every((line) => /\s$/.test(line)), `${language} is cut: ${sentence}`);
    }
  }
});
