import assert from "node:assert/strict";
import { test } from "node:test";

import { USUAL, createMine, mineOf, typesLive } from "../../frontend/js/state/mine.js";

function memory(kept = {}) {
  return {
    kept,
    getItem: (key) => kept[key] ?? null,
    setItem: (key, value) => void (kept[key] = value),
    removeItem: (key) => void delete kept[key],
  };
}

const FORBIDDEN = {
  getItem: () => { throw new Error("forbidden"); },
  setItem: () => { throw new Error("full"); },
  removeItem: () => { throw new Error("forbidden"); },
};

test("who never chose anything has what is usual", () => {
  assert.deepEqual(createMine(memory()).get(), USUAL);
  for (const nothing of [null, 7, "x", [], {}]) assert.deepEqual(mineOf(nothing), USUAL);
});

test("what was chosen is there at the next visit, and everything else stays", () => {
  const here = memory();
  createMine(here).change({ name: " Maria ", may: { ...USUAL.may, photo: "never" }, size: 150 });
  const mine = createMine(here).get();
  assert.deepEqual(mine, { ...USUAL, name: "Maria", may: { ...USUAL.may, photo: "never" }, size: 150 });
});

test("what makes no sense becomes the usual, the rest is kept", () => {
  const wild = {
    name: "x".repeat(99), languages: ["da", "da", 7, "DA", "english", "pl"], topics: ["reading", "war"],
    among: "everybody", volume: 700, size: "big", tones: "yes", typing: "live", lens: {}, may: { light: "ask", zoom: 1 },
    unknown: true,
  };
  const mine = mineOf(wild);
  assert.equal(mine.name.length, 40);
  assert.deepEqual([mine.languages, mine.topics], [["da", "pl"], ["reading"]]);
  assert.deepEqual([mine.among, mine.volume, mine.size, mine.tones], ["circle_first", 70, 100, true]);
  assert.deepEqual([mine.typing, mine.lens], ["live", ""]);
  assert.deepEqual(mine.may, { ...USUAL.may, light: "ask" });
  assert.deepEqual(Object.keys(mine), Object.keys(USUAL));
});

test("a document that is no JSON, or a memory that is forbidden, costs the remembering only", () => {
  assert.deepEqual(createMine(memory({ "assist.mine": "{" })).get(), USUAL);
  const mine = createMine(FORBIDDEN);
  mine.change({ braille: true });
  assert.equal(mine.get().braille, true);
  mine.forget();
  assert.deepEqual(mine.get(), USUAL);
});

test("each change is heard, and forgetting leaves nothing on the device", () => {
  const here = memory();
  const mine = createMine(here);
  const heard = [];
  mine.watch((now) => heard.push(now.volume));
  mine.change({ volume: 20 });
  mine.forget();
  assert.deepEqual(heard, [20, 70]);
  assert.deepEqual(here.kept, {});
});

test("whoever reads braille shows what they type, unless they said otherwise", () => {
  assert.equal(typesLive(USUAL), false);
  assert.equal(typesLive({ ...USUAL, braille: true }), true);
  assert.equal(typesLive({ ...USUAL, braille: true, typing: "line" }), false);
  assert.equal(typesLive({ ...USUAL, typing: "live" }), true);
});
