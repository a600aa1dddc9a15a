import assert from "node:assert/strict";
import { test } from "node:test";

import { GAP_MS, enqueue, wait } from "../../frontend/js/ui/queue.js";
import { choice, milestone, minutes, moment } from "../../frontend/js/ui/time.js";
import { createWords, languageNames, primaryLanguages } from "../../frontend/js/ui/words.js";
import { MOST, WHOLE, pan, theirStep, zoomIn, zoomOut } from "../../frontend/js/ui/zoom.js";

const say = (text, assertive = false, topic = null, kept = false) => ({ text, assertive, topic, kept });
const texts = (queue) => queue.map((each) => each.text);

test("an assertive word drops what waits politely", () => {
  const queue = enqueue([say("one"), say("two", true)], say("lost", true));
  assert.deepEqual(texts(queue), ["two", "lost"]);
});

test("what a person wrote is said all the same, after the urgent word and in its order", () => {
  const waits = [say("one"), say("They write: milk", false, null, true), say("two"), say("They write: bread", false, null, true)];
  assert.deepEqual(texts(enqueue(waits, say("lost", true))), ["lost", "They write: milk", "They write: bread"]);
  const noted = [say("an old note", false, "note", true)];
  assert.deepEqual(texts(enqueue(noted, say("a new note", false, "note", true))), ["a new note"]);
});

test("of one topic only the latest is said", () => {
  const queue = enqueue([say("1 is asked", false, "asked"), say("x")], say("3 are asked", false, "asked"));
  assert.deepEqual(texts(queue), ["x", "3 are asked"]);
});

test("polite words wait their turn, a gap apart", () => {
  assert.deepEqual(texts(enqueue([say("one")], say("two"))), ["one", "two"]);
  assert.equal(wait(10_000, -Infinity), 0);
  assert.equal(wait(10_000, 9_900), GAP_MS - 100);
  assert.ok(GAP_MS >= 1_200);
});

test("zooming in and out again ends at the whole picture", () => {
  let look = WHOLE;
  for (let step = 0; step < 20; step += 1) look = zoomIn(look);
  assert.equal(look.scale, MOST);
  for (let step = 0; step < 20; step += 1) look = zoomOut(look);
  assert.deepEqual(look, WHOLE);
});

test("their camera goes nearer first and comes back last, and rests at its own ends", () => {
  const steps = [];
  for (let times = 1; times !== null && steps.length < 9; times = theirStep(true, WHOLE, { times, most: 4 })) steps.push(times);
  assert.deepEqual(steps, [1, 1.5, 2.25, 3.375, 4]);
  assert.equal(theirStep(true, WHOLE, { times: 1, most: 1 }), null, "it has no zoom");
  assert.equal(theirStep(false, zoomIn(WHOLE), { times: 4, most: 4 }), null, "ours goes back first");
  assert.equal(theirStep(false, WHOLE, { times: 1.5, most: 4 }), 1);
  assert.equal(theirStep(false, WHOLE, { times: 1, most: 4 }), null);
});

test("nothing beyond the picture's edge is shown", () => {
  const twice = pan({ scale: 2, x: 0.5, y: 0.5 }, -9, 9);
  assert.deepEqual(twice, { scale: 2, x: 0.25, y: 0.75 });
  assert.deepEqual(pan(WHOLE, 1, 1), WHOLE);
});

test("a sentence is filled in, and a counted one takes its language's form", () => {
  const words = createWords({ hi: "Hello, {name}", "asked.one": "{n} bliver spurgt", "asked.other": "{n} bliver spurgt af os" }, "da");
  assert.equal(words("hi", { name: "{n}" }), "Hello, {n}");
  assert.equal(words("asked", { n: 1 }), "1 bliver spurgt");
  assert.equal(words("asked", { n: 3 }), "3 bliver spurgt af os");
  assert.equal(words("unknown.key"), "unknown.key");
});

test("Polish has its few and its many", () => {
  const words = createWords({ "s.one": "sekunda", "s.few": "sekundy", "s.many": "sekund" }, "pl");
  assert.deepEqual([1, 3, 5, 22].map((n) => words("s", { n })), ["sekunda", "sekundy", "sekund", "sekundy"]);
});

test("languages are primary subtags, each once, with one Norwegian", () => {
  assert.deepEqual(primaryLanguages(["en-GB", "en", "no", "nn-NO", "x1"], "da"), ["en", "nb"]);
  assert.deepEqual(primaryLanguages([], "da"), ["da"]);
  assert.equal(primaryLanguages("aa bb cc dd ee ff gg hh ii".split(" "), "en").length, 8);
  assert.equal(languageNames(["da", "en"], "en"), "Danish and English");
});

test("running times read as minutes and seconds", () => {
  assert.deepEqual([-5, 7_000, 750_000].map(minutes), ["0:00", "0:07", "12:30"]);
});

test("a call-back from another day says which", () => {
  const sunday = new Date(2026, 10, 22, 14, 5).getTime();
  assert.match(moment(sunday, "en-GB"), /^Sunday.* 14:05$/);
});

test("a long wait is worth a word after half a minute, one, two, and then each two", () => {
  const said = [0, 29_999, 30_000, 59_999, 60_000, 119_999, 120_000, 239_999, 240_000, 300_000].map(milestone);
  assert.deepEqual(said, [0, 0, 0.5, 0.5, 1, 1, 2, 2, 4, 4]);
});

test("that there is more than waiting is said at 30, 60 and 120 s, and at once with nobody there", () => {
  const at = [0, 29_999, 30_000, 60_000, 120_000, 600_000];
  assert.deepEqual(at.map((ms) => choice(ms, false)), [0, 0, 1, 2, 3, 3]);
  assert.equal(choice(0, true), 1);
});
