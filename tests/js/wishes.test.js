import assert from "node:assert/strict";
import { test } from "node:test";

import { spoken, wishesOf } from "../../frontend/js/ui/wishes.js";

test("what is chosen is asked for, and nothing chosen is no topic", () => {
  assert.deepEqual(wishesOf("circle", "reading"), { among: "circle", topic: "reading" });
  assert.deepEqual(wishesOf("anyone", ""), { among: "anyone", topic: null });
});

test("what the page does not know becomes the default, also from an odd form", () => {
  assert.deepEqual(wishesOf("", "toString"), { among: "circle_first", topic: null });
  assert.deepEqual(wishesOf("constructor", "x"), { among: "circle_first", topic: null });
});

test("the person's own languages come before the browser's, and those before the page's", () => {
  const page = { tag: "fi", chosen: false };
  assert.deepEqual(spoken({ languages: ["pl", "da"] }, ["en-GB"], page), ["pl", "da"]);
  assert.deepEqual(spoken({ languages: [] }, ["en-GB", "nn"], page), ["en", "nb"]);
  assert.deepEqual(spoken({ languages: [] }, [], page), ["fi"]);
});

test("who chose the page's language speaks it, also on a phone in another one", () => {
  const page = { tag: "pl", chosen: true };
  assert.deepEqual(spoken({ languages: [] }, ["en-GB", "pl"], page), ["pl", "en"]);
  assert.deepEqual(spoken({ languages: ["da"] }, ["en-GB"], page), ["da"]);
});
