import assert from "node:assert/strict";
import { test } from "node:test";

import { Consent } from "../../frontend/js/call/consent.js";
import { Remote } from "../../frontend/js/call/remote.js";
import { USUAL } from "../../frontend/js/state/mine.js";

const LENSES = [{ id: "wide", name: "" }, { id: "far", name: "" }];

/** A phone whose camera does as it is told, and both people's ears. */
function phone({ may = {}, seen = {}, works = true } = {}) {
  const heard = { told: [], said: [], asked: [], begun: [] };
  const camera = {
    seen: { is: "on", light: false, able: true, times: 1, most: 4, lenses: LENSES, lens: "wide", ...seen },
    track: {},
    does: (change) => (works && Object.assign(camera.seen, change), works),
    setLight: async (light) => camera.does({ light }),
    setTimes: async (times) => camera.does({ times }),
    nextLens: async () => (camera.does({ lens: "far" }) ? null : "failed"),
    again: async () => undefined,
  };
  const word = () => ({ ...USUAL.may, ...may });
  const consent = new Consent({ may: word, onQuestion: (control) => control && heard.asked.push(control) });
  const remote = new Remote({
    camera, consent, may: word, photo: { busy: false, begin: (still) => heard.begun.push(still) },
    still: async () => (works ? { bytes: new ArrayBuffer(1), width: 1, height: 1 } : null),
    say: (message) => heard.said.push(message) > 0,
    tell: ({ key, params }) => heard.told.push(params ? { key, ...params } : key),
  });
  const wish = async (message) => {
    remote.heard(message);
    await new Promise((done) => setTimeout(done));
  };
  return { camera, consent, heard, wish };
}

const WISHES = {
  light: { t: "light", on: true }, zoom: { t: "zoom", times: 1.5 }, lens: { t: "lens" }, photo: { t: "photo.please" },
};

test("what may be done is done, and the person is told of each", async () => {
  const { heard, wish } = phone({ may: { photo: "allow" } });
  for (const message of Object.values(WISHES)) await wish(message);
  assert.deepEqual(heard.told, [
    "remote.light_on", { key: "remote.zoom", times: 1.5 }, { key: "remote.lens", at: 2, of: 2 }, "photo.taking",
  ]);
  assert.deepEqual([heard.asked, heard.said, heard.begun.length], [[], [], 1]);
});

test("nothing that is never allowed is done or asked, and the Volunteer hears so", async () => {
  for (const [control, message] of Object.entries(WISHES)) {
    const { heard, wish } = phone({ may: { [control]: "never" } });
    await wish(message);
    assert.deepEqual(heard.said, [{ t: "no", control, why: "never" }], control);
    assert.deepEqual([heard.told, heard.asked, heard.begun], [[], [], []], control);
  }
});

test("what is asked for waits for the answer, and a refusal is told", async () => {
  for (const [control, message] of Object.entries(WISHES)) {
    const { consent, heard, wish } = phone({ may: { [control]: "ask" } });
    await wish(message);
    assert.deepEqual([heard.asked, heard.told], [[control], []], control);
    consent.answer(false);
    await new Promise((done) => setTimeout(done));
    assert.deepEqual([heard.told, heard.said], [[], [{ t: "no", control, why: "refused" }]], control);
  }
});

test("a camera that is paused does nothing, and nobody is asked about it", async () => {
  for (const [control, message] of Object.entries(WISHES)) {
    const { heard, wish } = phone({ may: { [control]: "ask" }, seen: { is: "paused" } });
    await wish(message);
    assert.deepEqual([heard.asked, heard.said], [[], [{ t: "no", control, why: "paused" }]], control);
  }
});

test("who pauses instead of an answer has answered", async () => {
  const { camera, consent, heard, wish } = phone();
  await wish(WISHES.photo);
  camera.seen.is = "paused";
  consent.answer(true);
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(heard.said, [{ t: "no", control: "photo", why: "paused" }]);
  assert.deepEqual(heard.begun, []);
});

test("a phone that could not do it says so, and one that never could keeps quiet", async () => {
  for (const [control, message] of Object.entries(WISHES)) {
    const { heard, wish } = phone({ may: { photo: "allow" }, works: false });
    await wish(message);
    assert.deepEqual(heard.said, [{ t: "no", control, why: "failed" }], control);
  }
  const plain = phone({ seen: { able: false, most: 1, lenses: LENSES.slice(1) } });
  for (const control of ["light", "zoom", "lens"]) await plain.wish(WISHES[control]);
  assert.deepEqual([plain.heard.told, plain.heard.said], [[], []]);
});

test("light that is on goes off without a question", async () => {
  const { heard, wish } = phone({ may: { light: "ask" }, seen: { light: true } });
  await wish({ t: "light", on: false });
  assert.deepEqual([heard.asked, heard.told], [[], ["remote.light_off"]]);
});
