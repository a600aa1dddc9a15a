import assert from "node:assert/strict";
import { test } from "node:test";

import { CELLS, linesOf } from "../../frontend/js/ui/lines.js";

const fits = (lines, cells = CELLS) => lines.every((line) => [...line.trimEnd()].length <= cells);

test("a short sentence stays as it is", () => {
  assert.deepEqual(linesOf("You ended the call."), ["You ended the call."]);
  assert.deepEqual(linesOf(""), [""]);
});

test("a long one breaks between words, and is the same when it is put together", () => {
  const sentence = "Nobody is free just now. We ask the first volunteer who is. You can wait.";
  const lines = linesOf(sentence);
  assert.deepEqual(lines, ["Nobody is free just now. We ask the ", "first volunteer who is. You can wait."]);
  assert.equal(lines.join(""), sentence);
});

test("exactly a line's length is one line", () => {
  assert.equal(linesOf("x".repeat(19) + " " + "y".repeat(20)).length, 1);
  assert.equal(linesOf("x".repeat(20) + " " + "y".repeat(20)).length, 2);
});

test("a word that is longer than a line is cut, and nothing of it lost", () => {
  const sentence = `See https://example.org/${"a".repeat(100)} for more.`;
  const lines = linesOf(sentence);
  assert.ok(fits(lines), lines.join("|"));
  assert.equal(lines.join(""), sentence);
});

test("letters beyond the first plane count as one cell and stay whole", () => {
  const sentence = "🙂".repeat(90);
  const lines = linesOf(sentence);
  assert.deepEqual(lines.map((line) => [...line].length), [40, 40, 10]);
  assert.equal(linesOf("🙂".repeat(40)).length, 1);
  assert.equal(lines.join(""), sentence);
});

test("whatever is typed, every line fits and every letter is kept", () => {
  const letters = ["a", "ł", "ø", " ", "  ", "\u00a0", "\n", "🙂", "-", "word", "x".repeat(45)];
  let seed = 5;
  const draw = () => letters[(seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % letters.length];
  for (let round = 0; round < 300; round += 1) {
    const sentence = Array.from({ length: 1 + (round % 60) }, draw).join("");
    const lines = linesOf(sentence);
    assert.ok(fits(lines), JSON.stringify(lines));
    assert.equal(lines.join(""), sentence);
  }
});
