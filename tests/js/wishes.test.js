import assert from "node:assert/strict";
import { test } from "node:test";

import { keep, recall, wishesOf } from "../../frontend/js/ui/wishes.js";

const storage = () => {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
};

test("what is chosen is asked for, and nothing chosen is no topic", () => {
  assert.deepEqual(wishesOf("circle", "reading"), { among: "circle", topic: "reading" });
  assert.deepEqual(wishesOf("anyone", ""), { among: "anyone", topic: null });
});

test("what the page does not know becomes the default, also from an odd form", () => {
  assert.deepEqual(wishesOf("", "toString"), { among: "circle_first", topic: null });
  assert.deepEqual(wishesOf("constructor", "x"), { among: "circle_first", topic: null });
});

test("whom to ask is remembered when it is wished, and forgotten when it is not", () => {
  const device = storage();
  assert.equal(recall(device), null);
  keep(device, "circle");
  assert.equal(recall(device), "circle");
  keep(device, null);
  assert.equal(recall(device), null);
});

test("a spoilt or forbidden memory costs nothing", () => {
  const forbidden = () => {
    throw new Error("no storage here");
  };
  assert.equal(recall({ getItem: () => "everybody" }), null);
  assert.equal(recall({ getItem: forbidden }), null);
  keep({ setItem: forbidden, removeItem: forbidden }, "anyone");
});
