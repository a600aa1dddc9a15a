import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace, judge, leaning } from "../../frontend/js/call/hints.js";
import { give } from "../../frontend/js/ui/hinting.js";

const SHARP = { bright: 200, red: 1, detail: [30, 50, 60, 60, 60], shape: [30, 50, 60, 60, 60] };
const told = (pace, hint, from_ms, to_ms) => {
  const said = [];
  for (let ms = from_ms; ms <= to_ms; ms += 250) if (pace.meet(hint, ms)) said.push(ms);
  return said;
};

test("the gravest trouble is told, and a phone that lies in the dark is not called tilted", () => {
  assert.equal(judge(SHARP, 40, null), "leans_left");
  assert.equal(judge(SHARP, -40, null), "leans_right");
  assert.equal(judge({ ...SHARP, bright: 40 }, 40, null), "dark");
  assert.equal(judge({ ...SHARP, bright: 10 }, null, null), "covered");
});

test("what is found stays found until it is clearly better", () => {
  const dim = { ...SHARP, bright: 75 };
  assert.equal(judge(dim, null, null), null);
  assert.equal(judge(dim, null, "dark"), "dark");
  assert.equal(judge({ ...SHARP, bright: 90 }, null, "dark"), null);
  const soft = { ...SHARP, detail: [12, 30, 60, 60, 60] };
  assert.equal(judge(soft, null, null), null);
  assert.equal(judge(soft, null, "blurred"), "blurred");
  assert.equal(judge(SHARP, 22, null), null);
  assert.equal(judge(SHARP, 22, "leans_left"), "leans_left");
});

test("a phone leans to the side of its top, and to no side while it lies", () => {
  assert.equal(Math.round(leaning(90, 0, 0)), 0);
  assert.equal(leaning(0, 0, 0), null);
  assert.equal(Math.round(leaning(60, -30, 0)), 16);
  assert.ok(leaning(45, 45, 0) < -25);
  // Turned to the left until its long side is level, and its screen has turned with it.
  assert.equal(Math.round(leaning(0, -90, 90)), 0);
  assert.equal(Math.round(leaning(0, -90, 0)), 90);
  assert.equal(Math.round(leaning(-90, 0, 180)), 0);
});

test("a hint is told when it has held for a second, and the same one not again within ten", () => {
  const pace = new Pace();
  assert.deepEqual(told(pace, "dark", 0, 10_750), [1_000]);
  assert.deepEqual(told(pace, "dark", 11_000, 11_000), [11_000]);
});

test("a hint that comes and goes within a second is never told", () => {
  const pace = new Pace();
  for (let ms = 0; ms < 20_000; ms += 250) {
    assert.equal(pace.meet(ms % 1_000 < 750 ? "blurred" : null, ms), null);
  }
});

test("who goes on as before hears it less and less, and afresh when it had been well", () => {
  const pace = new Pace();
  const all = told(pace, "dark", 0, 200_000);
  assert.deepEqual(all, [1_000, 11_000, 31_000, 71_000, 151_000]);
  pace.meet(null, 201_000);
  pace.meet(null, 202_000);
  assert.deepEqual(told(pace, "dark", 202_250, 214_000), [203_250, 213_250]);
});

test("two different hints keep a distance", () => {
  const pace = new Pace();
  assert.deepEqual(told(pace, "dark", 0, 1_000), [1_000]);
  assert.deepEqual(told(pace, "blurred", 1_250, 6_000), [5_000]);
});

test("a hint is spoken before the call; in it a tone comes, and words only into a silence", () => {
  const given = (inCall, speaks) => {
    const heard = [];
    const voice = {
      tell: ({ key, tone = null }) => heard.push(["told", key, tone]), note: (text) => heard.push(["noted", text]),
      tones: { play: (tone) => heard.push(["tone", tone]) }, words: (key) => key,
    };
    give(voice, "dark", inCall, () => speaks);
    return heard;
  };
  assert.deepEqual(given(false, true), [["told", "hint.dark", null]]);
  assert.deepEqual(given(true, false), [["told", "hint.dark", "hint"]]);
  assert.deepEqual(given(true, true), [["tone", "hint"], ["noted", "hint.dark"]]);
});
