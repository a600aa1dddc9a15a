import assert from "node:assert/strict";
import { test } from "node:test";

import { createMine } from "../../frontend/js/state/mine.js";

/** As much of a page as the card touches. */
class HTMLElement {
  hidden = false;
  dataset = {};
  textContent = "";
  addEventListener(_, run) { this.press = run; }
  querySelector() { return (this.name ??= new HTMLElement()); }
}
class HTMLButtonElement extends HTMLElement {}

/** @param {Record<string, string>} kept on the device */
async function page(kept) {
  const found = { "#describing": new HTMLElement(), "#tips": new HTMLButtonElement() };
  Object.assign(globalThis, {
    HTMLElement, HTMLButtonElement, document: { querySelector: (selector) => found[selector] },
  });
  const { createDescribing } = await import("../../frontend/js/ui/describing.js");
  const memory = {
    getItem: (key) => kept[key] ?? null, setItem: (key, text) => void (kept[key] = text), removeItem() {},
  };
  const describing = createDescribing({ words: (key) => key, mine: createMine(memory) });
  return { begin: describing.begin, card: found["#describing"], opener: found["#tips"] };
}

test("the hints lie open in the first three calls on a device, and then no more", async () => {
  const kept = {};
  const open = [];
  for (let call = 0; call < 5; call += 1) {
    const { begin, card } = await page(kept); // each time the page is opened anew
    begin();
    open.push(!card.hidden);
  }
  assert.deepEqual(open, [true, true, true, false, false]);
});

test("who puts them away is not shown them again, and can call them back for a while", async () => {
  const kept = {};
  const { begin, card, opener } = await page(kept);
  begin();
  assert.equal(opener.name.textContent, "tips.away");
  opener.press();
  assert.deepEqual([card.hidden, opener.name.textContent], [true, "tips.show"]);
  begin();
  assert.equal(card.hidden, true);
  opener.press();
  assert.equal(card.hidden, false);
  begin();
  assert.equal(card.hidden, true);
});
