import assert from "node:assert/strict";
import { test } from "node:test";

import { Capture } from "../../frontend/js/call/capture.js";

class Track extends EventTarget {
  readyState = "live";
  muted = false;
  stopped = false;
  stop() { this.stopped = true; this.readyState = "ended"; }
  end() { this.readyState = "ended"; this.dispatchEvent(new Event("ended")); }
  mute(muted) { this.muted = muted; this.dispatchEvent(new Event(muted ? "mute" : "unmute")); }
}

class Page extends EventTarget {
  visibilityState = "visible";
  show(visible) {
    this.visibilityState = visible ? "visible" : "hidden";
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

function stage(...answers) {
  let timers = [];
  let last = 0;
  const page = new Page();
  const told = [];
  const opened = [];
  const capture = new Capture({
    page,
    open: async (device) => (opened.push(device), answers.length > 1 ? answers.shift() : answers[0]),
    onAway: (device) => told.push(`${device} away`),
    onBack: (device, fresh) => told.push(`${device} back${fresh ? " fresh" : ""}`),
    onGone: (device) => told.push(`${device} gone`),
    later: (run, ms) => (timers.push({ id: ++last, run, ms }), last),
    never: (id) => void (timers = timers.filter((each) => each.id !== id)),
  });
  /** Let what waits for a time happen, and what follows from it. */
  async function pass() {
    const due = timers;
    timers = [];
    for (const { run } of due) run();
    await new Promise((done) => setImmediate(done));
    return due.map(({ ms }) => ms);
  }
  const settle = () => new Promise((done) => setImmediate(done));
  return { capture, page, told, opened, pass, settle };
}

test("a track that the system ends is opened anew, and both are told", async () => {
  const fresh = new Track();
  const { capture, told, settle } = stage(fresh);
  const camera = new Track();
  capture.hold("camera", camera);
  camera.end();
  assert.equal(capture.isAway("camera"), true);
  await settle();
  assert.deepEqual(told, ["camera away", "camera back fresh"]);
  assert.equal(capture.isAway("camera"), false);
});

test("a mute that heals by itself is nobody's business; a longer one is", async () => {
  const { capture, told, opened, pass } = stage(new Track());
  const microphone = new Track();
  capture.hold("microphone", microphone);
  microphone.mute(true);
  microphone.mute(false);
  assert.deepEqual(await pass(), []);
  microphone.mute(true);
  assert.deepEqual(await pass(), [1000]);
  assert.deepEqual(told, ["microphone away", "microphone back fresh"]);
  assert.deepEqual(opened, ["microphone"]);
});

test("a device that is slow to begin is given its time", async () => {
  const { capture, told, pass } = stage(new Track());
  const headset = new Track();
  headset.muted = true;
  capture.hold("microphone", headset);
  assert.deepEqual(await pass(), [5000]);
  headset.mute(false);
  assert.deepEqual(told, ["microphone away", "microphone back fresh"]);
});

test("a microphone that was closed before it was held is not opened again", async () => {
  const { capture, told, opened, settle } = stage(new Track());
  const closed = new Track();
  closed.stop();
  capture.hold("microphone", closed);
  await settle();
  assert.deepEqual([told, opened], [[], []]);
});

test("a hidden page opens nothing; once it is in sight it does", async () => {
  const { capture, page, told, opened, settle } = stage(new Track());
  const camera = new Track();
  capture.hold("camera", camera);
  page.show(false);
  camera.end();
  await settle();
  assert.deepEqual([told, opened], [["camera away"], []]);
  page.show(true);
  await settle();
  assert.deepEqual(told, ["camera away", "camera back fresh"]);
});

test("a page that is hidden and shown while it opens, opens once", async () => {
  const { capture, page, opened, settle } = stage(new Track());
  const camera = new Track();
  capture.hold("camera", camera);
  camera.end();
  page.show(false);
  page.show(true);
  await settle();
  assert.deepEqual(opened, ["camera"]);
});

test("what the system gives back by itself is not opened a second time", async () => {
  const { capture, page, told, opened, pass } = stage(new Track());
  const camera = new Track();
  capture.hold("camera", camera);
  page.show(false);
  camera.mute(true);
  await pass();
  camera.mute(false);
  page.show(true);
  await pass();
  assert.deepEqual([told, opened], [["camera away", "camera back"], []]);
});

test("while a phone call holds the device, it is tried again; after a minute the person may", async () => {
  const { capture, told, opened, pass, settle } = stage("in_use");
  const camera = new Track();
  capture.hold("camera", camera);
  camera.end();
  await settle();
  for (let round = 0; round < 30; round += 1) await pass();
  assert.equal(opened.length, 20);
  assert.deepEqual(told, ["camera away", "camera gone"]);
});

test("one that comes back muted is not taken for one that works", async () => {
  const silent = new Track();
  silent.muted = true;
  const { capture, told, pass, settle } = stage(silent, new Track());
  const camera = new Track();
  capture.hold("camera", camera);
  camera.end();
  await settle();
  assert.deepEqual([told, silent.stopped], [["camera away"], true]);
  await pass();
  assert.deepEqual(told, ["camera away", "camera back fresh"]);
});

test("what was refused, or is not there, is not asked for again", async () => {
  for (const trouble of ["refused", "none"]) {
    const { capture, told, opened, pass, settle } = stage(trouble);
    const camera = new Track();
    capture.hold("camera", camera);
    camera.end();
    await settle();
    await pass();
    assert.deepEqual([told, opened], [["camera away", "camera gone"], ["camera"]]);
  }
});

test("whoever let go meanwhile gets no camera", async () => {
  const fresh = new Track();
  const { capture, told, settle } = stage(fresh);
  const camera = new Track();
  capture.hold("camera", camera);
  camera.end();
  capture.hold("camera", null);
  await settle();
  assert.deepEqual([told, fresh.stopped], [["camera away"], true]);
  camera.mute(true);
  assert.deepEqual(told, ["camera away"]);
});
