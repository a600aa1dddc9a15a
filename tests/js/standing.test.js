import assert from "node:assert/strict";
import { test } from "node:test";

import { browserOf, kindOf } from "../../frontend/js/push/device.js";
import { cameTo, tryRing } from "../../frontend/js/push/trial.js";
import { standingOf } from "../../frontend/js/state/standing.js";
import { NOTHING, reduce } from "../../frontend/js/state/volunteer.js";
import { volunteerSnapshot } from "./facts.js";

const HOUSE = { snoozed: "", awake: "", opens: "", lines: "free", wraps_until_ms: 0 };
const ON = { kind: "on", others: 0 };
const taking = { state: "available", taking: true };

/** How it stands after this Snapshot, on a page that is linked and may use its microphone. */
function stands(snapshot, house = {}, device = ON, microphone = "granted", more = {}) {
  const state = { ...reduce(NOTHING, volunteerSnapshot(snapshot), 5000), linked: true, ...more };
  return standingOf(state, { ...HOUSE, ...house }, device, microphone);
}
const key = (...given) => stands(...given)?.key.replace("standing.", "");
const away = (why, is = true) => ({ state: "away", taking: is, why });

test("nothing is claimed before the house has spoken, nor after it said goodbye", () => {
  assert.equal(standingOf({ ...NOTHING, linked: true }, null, null, "granted"), null);
  assert.equal(key(taking, {}, ON, "granted", { farewell: "signed_out" }), undefined);
});

test("every reason for silence has its sentence, and the one act that ends it", () => {
  const cases = [
    [[away("chosen", false)], "stopped", ""],
    [[away("missed", false)], "missed", ""],
    [[away("gone", false)], "gone", ""],
    [[away("gone")], "gone", ""],
    [[away("suspended", false)], "suspended", ""],
    [[away("snoozed"), { snoozed: "tomorrow" }], "snoozed.until", "wake"],
    [[away("snoozed")], "snoozed", "wake"],
    [[away("asleep"), { awake: "Monday" }], "asleep.until", "hours"],
    [[away("asleep")], "asleep", "hours"],
    [[{ state: "wrapping_up", taking: true }], "pause", "ready"],
  ];
  for (const [given, expected, act] of cases) {
    assert.equal(key(...given), expected);
    assert.equal(stands(...given).act, act, expected);
  }
  assert.equal(stands(away("snoozed"), { snoozed: "tomorrow" }).params.until, "tomorrow");
});

test("a line that is down comes before everything: nothing rings over it", () => {
  assert.equal(key(away("snoozed"), {}, ON, "granted", { linked: false }), "link");
});

test("what the house lacks is told to who would be rung, and to nobody else", () => {
  assert.equal(key(taking, { opens: "Monday" }), "closed");
  assert.equal(key(taking, { lines: "full" }), "full");
  assert.equal(key(taking, { lines: "none" }), "page.here", "a relay is just being started");
  assert.equal(key(away("chosen", false), { lines: "full" }), "stopped");
});

test("a page that nobody could hear is no place to be rung at", () => {
  assert.equal(key(taking, {}, ON, "refused"), "microphone.refused");
  assert.equal(key(taking, {}, ON, "none"), "microphone.none");
  assert.equal(key({ ...taking, reach: "push" }, {}, ON, "none"), "push.here");
});

test("where it rings, and where it does once the page is closed", () => {
  const [other, none] = [{ kind: "off", others: 1 }, { kind: "denied", others: 0 }];
  assert.equal(key(taking), "page.here");
  assert.equal(key(taking, {}, other), "page.other");
  assert.equal(key(taking, {}, none), "page.only");
  assert.equal(key(taking, {}, null), "page");
  assert.equal(key({ ...taking, reach: "push" }, {}, other), "push.other");
});

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile Safari/604.1";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15";
const ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/123.0 Mobile Safari/537.36";

test("each kind of browser is told its own way", () => {
  assert.equal(browserOf({ agent: IPHONE, touches: 5 }), "iphone");
  assert.equal(browserOf({ agent: MAC, touches: 5 }), "iphone", "an iPad says that it is a Mac");
  assert.equal(browserOf({ agent: MAC, touches: 0 }), "safari");
  assert.equal(browserOf({ agent: ANDROID, touches: 5 }), "chrome");
  assert.equal(browserOf({ agent: `${ANDROID} SamsungBrowser/24`, touches: 5 }), "samsung");
  assert.equal(browserOf({ agent: "Mozilla/5.0 (Android 14; rv:124.0) Gecko Firefox/124.0", touches: 5 }), "firefox");
});

test("how a device is: what is impossible comes before what is forbidden, and that before what is off", () => {
  const traits = { secure: true, able: true, denied: false, agent: ANDROID, touches: 5 };
  assert.equal(kindOf(traits, true), "on");
  assert.equal(kindOf(traits, false), "off");
  assert.equal(kindOf({ ...traits, denied: true }, true), "denied");
  assert.equal(kindOf({ ...traits, able: false, denied: true }, true), "cannot");
  assert.equal(kindOf({ ...traits, able: false, agent: IPHONE }, false), "home_screen");
  assert.equal(kindOf({ ...traits, secure: false, able: false }, false), "insecure");
});

test("how far a test ring came: this device first, then any, then who has taken it", () => {
  assert.equal(cameTo({ me: "arrived", it: "gone" }, "me"), "here");
  assert.equal(cameTo({ me: "taken", it: "arrived" }, "me"), "elsewhere");
  assert.equal(cameTo({ me: "taken", it: "gone" }, "me"), "taken");
  assert.equal(cameTo({ me: "gone", it: "refused" }, "me"), "failed");
});

/** A house that answers so, look by look; the last answer stays. */
function houseThatSays(begun, ...looks) {
  const asked = [];
  globalThis.document = { querySelector: () => null };
  globalThis.HTMLInputElement = class {};
  globalThis.fetch = async (path) => {
    asked.push(path);
    if (path === "/push/test/") return begun;
    const devices = looks.length > 1 ? looks.shift() : looks[0];
    return { ok: true, json: async () => ({ devices }) };
  };
  return asked;
}
const begun = { ok: true, status: 200, json: async () => ({ test: "t", here: "me", devices: 2 }) };
const atOnce = async () => undefined;

test("a try looks until it has come, and no longer", async () => {
  const asked = houseThatSays(begun, {}, { me: "sent", it: "sent" }, { me: "taken", it: "taken" }, { me: "arrived", it: "taken" });
  assert.equal(await tryRing(atOnce), "here");
  assert.equal(asked.length, 5);
});

test("this device has a moment more when another one was quicker", async () => {
  houseThatSays(begun, { me: "taken", it: "arrived" }, { me: "taken", it: "arrived" }, { me: "arrived", it: "arrived" });
  assert.equal(await tryRing(atOnce), "here");
  houseThatSays(begun, { me: "taken", it: "arrived" });
  assert.equal(await tryRing(atOnce), "elsewhere");
});

test("what nobody took, and what nobody shows, ends by itself", async () => {
  houseThatSays(begun, { me: "gone", it: "refused" });
  assert.equal(await tryRing(atOnce), "failed");
  houseThatSays(begun, { me: "taken", it: "gone" });
  assert.equal(await tryRing(atOnce), "taken");
});

test("a house that says no is believed", async () => {
  houseThatSays({ ok: false, status: 429 });
  assert.equal(await tryRing(atOnce), "too_often");
  houseThatSays({ ok: false, status: 503 });
  assert.equal(await tryRing(atOnce), "house");
  houseThatSays({ ...begun, json: async () => ({ test: "t", here: "me", devices: 0 }) });
  assert.equal(await tryRing(atOnce), "none");
});
