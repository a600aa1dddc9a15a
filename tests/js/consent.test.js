import assert from "node:assert/strict";
import { test } from "node:test";

import { Consent } from "../../frontend/js/call/consent.js";
import { USUAL } from "../../frontend/js/state/mine.js";

function asked(may = {}) {
  const shown = [];
  const timers = [];
  let now_ms = 0;
  const consent = new Consent({
    may: () => ({ ...USUAL.may, ...may }),
    onQuestion: (control) => shown.push(control),
    now_ms: () => now_ms,
    later: (run, ms) => timers.push([run, ms]),
  });
  return { consent, shown, timers, pass: (ms) => (now_ms += ms) };
}

test("a photo is asked for, light is allowed, unless the person says otherwise", async () => {
  const { consent, shown } = asked();
  assert.equal(await consent.wish("light"), "yes");
  const photo = consent.wish("photo");
  assert.deepEqual(shown, ["photo"]);
  consent.answer(true);
  assert.equal(await photo, "yes");
  assert.deepEqual(shown, ["photo", null]);
});

test("what is never allowed is not asked", async () => {
  const { consent, shown } = asked({ photo: "never" });
  assert.equal(await consent.wish("photo"), "never");
  assert.deepEqual(shown, []);
});

test("no answer in half a minute refuses", async () => {
  const { consent, shown, timers } = asked();
  const photo = consent.wish("photo");
  const [[run, ms]] = timers;
  assert.equal(ms, 30_000);
  run();
  assert.equal(await photo, "unanswered");
  assert.equal(shown.at(-1), null);
});

test("one question at a time, and none again right after a refusal", async () => {
  const { consent, shown, pass } = asked({ light: "ask" });
  const photo = consent.wish("photo");
  assert.equal(await consent.wish("light"), "busy");
  consent.answer(false);
  assert.equal(await photo, "refused");
  assert.equal(await consent.wish("photo"), "refused");
  assert.deepEqual(shown, ["photo", null]);
  pass(6_000);
  void consent.wish("photo");
  assert.equal(shown.at(-1), "photo");
});

test("the end of a call takes its question away, and the next call begins afresh", async () => {
  const { consent, shown } = asked();
  const photo = consent.wish("photo");
  consent.clear();
  assert.equal(await photo, "refused");
  void consent.wish("photo");
  assert.deepEqual(shown, ["photo", null, "photo"]);
});

test("a question whether somebody may steer is asked once a call, one about an act each time", async () => {
  const { consent, shown } = asked({ zoom: "ask", light: "ask" });
  const zoom = consent.wish("zoom");
  consent.answer(true);
  assert.deepEqual([await zoom, await consent.wish("zoom")], ["yes", "yes"]);
  assert.deepEqual(shown, ["zoom", null]);
  const light = consent.wish("light");
  consent.answer(true);
  assert.equal(await light, "yes");
  void consent.wish("light");
  assert.equal(shown.at(-1), "light");
  consent.clear();
  void consent.wish("zoom");
  assert.equal(shown.at(-1), "zoom");
});

test("who says never in the middle of a call is obeyed at once", async () => {
  let may = { ...USUAL.may, zoom: "ask" };
  const consent = new Consent({ may: () => may, onQuestion: () => undefined, later: () => 0 });
  const zoom = consent.wish("zoom");
  consent.answer(true);
  await zoom;
  may = { ...may, zoom: "never" };
  assert.equal(await consent.wish("zoom"), "never");
});
