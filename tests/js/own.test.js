import assert from "node:assert/strict";
import { test } from "node:test";

/** @param {Record<string, string>} kept what the browser remembers */
function browser(kept) {
  const saved = [];
  class HTMLAnchorElement {
    href = "/volunteer/mine/everything/";
    download = "assist-volunteer.json";
    addEventListener = (_type, act) => (this.press = () => act({ preventDefault() {} }));
    click = () => {};
  }
  const link = new HTMLAnchorElement();
  const globals = {
    HTMLAnchorElement,
    localStorage: { getItem: (key) => kept[key] ?? null, removeItem: (key) => void delete kept[key] },
    document: { querySelector: () => link, createElement: () => new HTMLAnchorElement() },
    fetch: async () => ({ ok: true, json: async () => ({ name: "Noor" }) }),
    setTimeout: () => 0,
  };
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
  URL.createObjectURL = (file) => (saved.push(file), "blob:1");
  return { link, saved };
}

test("the file has how this device rings, beside what the house knows", async () => {
  const { link, saved } = browser({ "assist.ring": '{"volume": 30, "vibration": false}' });
  await import("../../frontend/js/pages/own.js");
  link.press();
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  const file = JSON.parse(await saved[0].text());
  assert.deepEqual(file, { name: "Noor", settings: { ring_here: { volume: 30, vibration: false } } });
});

test("a device forgets how it rang, and nothing of who asks for help on it", async () => {
  const kept = { "assist.ring": "{}", "assist.practised": "1", "assist.mine": "{}" };
  browser(kept);
  await import("../../frontend/js/pages/own_forgotten.js");
  assert.deepEqual(kept, { "assist.mine": "{}" });
});
