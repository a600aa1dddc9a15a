import assert from "node:assert/strict";
import { test } from "node:test";

import { Strain } from "../../frontend/js/call/strain.js";

const GOOD = {
  sent_kbit_s: 30, received_kbit_s: 900, lost_share: 0, round_trip_ms: 40, width: 1280, height: 720, frames_s: 24, freezes: 0,
};
const SLOW = { ...GOOD, round_trip_ms: 700 };
const LOSSY = { ...GOOD, lost_share: 0.2 };

function line(theirs = GOOD) {
  const told = [];
  let now = 0;
  const strain = new Strain({
    ask: () => told.push("?"), onWord: () => undefined, tell: (key) => told.push(key), now_ms: () => now,
  });
  /** Five seconds later, and the house answers whoever asked. */
  const look = (mine, watching = true) => {
    now += 5_000;
    const asked = told.length;
    strain.measured(mine, watching);
    if (told.slice(asked).includes("?")) strain.heard({ mine, theirs });
    return strain.word;
  };
  return { strain, told, look };
}

test("one bad look is a blip; two are told, with whose side it is", () => {
  for (const [mine, theirs, word] of [
    [SLOW, GOOD, "mine"], [{ ...GOOD, freezes: 2 }, SLOW, "theirs"], [LOSSY, GOOD, "between"],
    [SLOW, SLOW, "between"], [LOSSY, null, "between"],
  ]) {
    const { told, look } = line(theirs);
    assert.deepEqual([look(GOOD), look(mine), look(GOOD), look(mine)], Array(4).fill("good"));
    assert.deepEqual(told, []);
    assert.equal(look(mine), word);
    assert.deepEqual(told, ["?", `strain.${word}`]);
  }
});

test("what goes on is not told again, its end is, and a new trouble within a minute is only shown", () => {
  const { told, look } = line();
  for (let looks = 0; looks < 30; looks += 1) look(LOSSY);
  assert.deepEqual(told, ["?", "strain.between"]);
  assert.deepEqual([look(GOOD), look(GOOD), look(GOOD)], ["between", "between", "good"]);
  assert.deepEqual(told.slice(2), ["strain.better"]);
  told.length = 0;
  look(LOSSY);
  look(LOSSY);
  assert.deepEqual(told, ["?", "strain.between"]); // the last one was told long ago
  for (let looks = 0; looks < 3; looks += 1) look(GOOD);
  look(LOSSY);
  assert.equal(look(LOSSY), "between");
  assert.deepEqual(told, ["?", "strain.between", "strain.better", "?"]);
  for (let looks = 0; looks < 3; looks += 1) look(GOOD);
  assert.equal(told.at(-1), "?", "who has not heard of it does not hear of its end");
});

test("a paused camera is no weak connection, a lost packet in it is", () => {
  const { look } = line();
  const still = { ...GOOD, frames_s: 0, freezes: 1 };
  for (let looks = 0; looks < 5; looks += 1) assert.equal(look(still, false), "good");
  look(still);
  assert.equal(look(still), "between");
});

test("an answer of the house that nobody asked for changes nothing, and a new call begins anew", () => {
  const { strain, told, look } = line();
  strain.heard({ mine: SLOW, theirs: SLOW });
  assert.equal(look(GOOD), "good");
  strain.heard(null);
  assert.equal(strain.word, "good");
  look(SLOW);
  look(SLOW);
  strain.clear();
  assert.equal(strain.word, "unknown");
  strain.heard({ mine: SLOW, theirs: null });
  assert.deepEqual([strain.word, told.length], ["unknown", 2]);
});
