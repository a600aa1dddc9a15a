import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Camera } from "../../frontend/js/call/camera.js";
import { USUAL, createMine } from "../../frontend/js/state/mine.js";

const REAR = { facingMode: ["environment"] };
const PHONE = {
  wide: { label: "Back Camera", able: { ...REAR, torch: true, focusMode: ["manual", "continuous"], zoom: { min: 100, max: 400 } } },
  far: { label: "camera2 2, facing back", able: REAR },
  self: { label: "Front Camera", able: { facingMode: ["user"] } },
};

/** A camera's track as a browser gives it, and what was done to it. */
class Track extends EventTarget {
  kind = "video";
  readyState = "live";
  constrained = [];

  constructor(id) {
    super();
    this.id = id;
  }

  getSettings() { return { deviceId: this.id }; }
  getCapabilities() { return PHONE[this.id]?.able ?? {}; }
  stop() { this.readyState = "ended"; }

  async applyConstraints({ advanced: [wanted] }) { this.constrained.push(wanted); }
}

let opened;
let refusal;

beforeEach(() => {
  opened = [];
  refusal = "";
  const mediaDevices = {
    enumerateDevices: async () => Object.entries(PHONE).map(([deviceId, { label, able }]) => (
      { kind: "videoinput", deviceId, label, getCapabilities: () => able })),
    getUserMedia: async ({ video, audio }) => {
      if (video && refusal) throw Object.assign(new Error(refusal), { name: refusal });
      const wanted = video?.deviceId?.exact ?? video?.deviceId?.ideal;
      const tracks = video ? [new Track(wanted in PHONE ? wanted : "wide")] : [];
      opened.push(...tracks);
      if (audio) tracks.push({ kind: "audio", stop: () => undefined });
      const of = (kind) => () => tracks.filter((each) => each.kind === kind);
      return { getTracks: () => tracks, getVideoTracks: of("video"), getAudioTracks: of("audio") };
    },
  };
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { mediaDevices } });
});

function phone(chosen = {}) {
  const memory = { getItem: () => JSON.stringify({ ...USUAL, ...chosen }), setItem: () => undefined, removeItem: () => undefined };
  const mine = createMine(memory);
  const held = [];
  const sent = [];
  const meeting = {
    tracks: { camera: null, microphone: null },
    replace: async (kind, track) => {
      sent.push(track);
      meeting.tracks = { ...meeting.tracks, camera: track };
    },
  };
  const camera = new Camera({
    meeting, mine, onChange: () => undefined, hold: (track) => held.push(track),
  });
  return { camera, mine, sent, held };
}

test("a rear camera opens with its focus at work, and tells what it can do", async () => {
  const { camera } = phone();
  await camera.open();
  assert.deepEqual(
    { ...camera.seen, lenses: camera.seen.lenses.map(({ id }) => id) },
    { is: "on", light: false, able: true, times: 1, most: 4, lenses: ["wide", "far"], lens: "wide", cameras: 3 },
  );
  assert.equal(opened[0].constrained[0].focusMode, "continuous");
});

test("light, zoom and focus are held together: one does not undo the other", async () => {
  const { camera } = phone();
  await camera.open();
  await camera.setLight(true);
  await camera.setTimes(9);
  assert.deepEqual(opened[0].constrained.at(-1), { focusMode: "continuous", torch: true, zoom: 400 });
  assert.deepEqual([camera.seen.light, camera.seen.times], [true, 4]);
  await camera.settle();
  assert.deepEqual(opened[0].constrained.at(-1), { focusMode: "continuous", torch: false, zoom: 100 });
});

test("paused, the camera is closed and nothing is sent; it comes back through the same lens", async () => {
  const { camera, sent } = phone();
  await camera.open();
  await camera.choose("far", true);
  await camera.pause();
  assert.deepEqual(opened.map((each) => each.readyState), ["ended", "ended"]);
  assert.equal(sent.at(-1), null);
  assert.deepEqual([camera.seen.is, camera.seen.able, camera.track], ["paused", false, null]);
  assert.equal(await camera.resume(), null);
  assert.deepEqual([camera.seen.is, camera.seen.lens], ["on", "far"]);
});

test("a call may begin with the voice alone; the camera is not even asked for", async () => {
  const { camera } = phone({ camera: "off" });
  const { camera: track, microphone, camera_trouble } = await camera.open();
  assert.deepEqual([track, microphone.kind, camera_trouble, opened.length], [null, "audio", null, 0]);
  assert.equal(camera.seen.is, "off");
  await camera.resume();
  assert.equal(camera.seen.is, "on");
});

test("a camera that cannot be turned on says why, and the call goes on without", async () => {
  const { camera } = phone({ camera: "off" });
  await camera.open();
  refusal = "NotAllowedError";
  assert.equal(await camera.resume(), "refused");
  assert.equal(camera.seen.is, "off");
});

test("the next call begins through the lens that was chosen, never with the camera on the screen's side", async () => {
  const { camera, mine } = phone();
  await camera.open();
  await camera.choose("far", true);
  assert.equal(mine.get().lens, "far");
  await camera.next();
  assert.deepEqual([camera.seen.lens, mine.get().lens], ["self", "far"]);
  await camera.next();
  assert.equal(camera.seen.lens, "wide");
  const again = phone({ lens: "far" });
  await again.camera.open();
  assert.equal(again.camera.seen.lens, "far");
});

test("whoever helps goes through the rear lenses alone, and changes nothing for the next call", async () => {
  const { camera, mine } = phone();
  await camera.open();
  const through = [];
  for (let step = 0; step < 3; step += 1) {
    await camera.nextLens();
    through.push(camera.seen.lens);
  }
  assert.deepEqual(through, ["far", "wide", "far"]);
  assert.equal(mine.get().lens, "");
});

test("what is in use is watched, what we close ourselves is not", async () => {
  const { camera, held } = phone();
  await camera.open();
  await camera.choose("far", true);
  await camera.pause();
  camera.close();
  assert.deepEqual(held.map((track) => track?.id ?? null), ["wide", null, "far", null, null]);
});

test("a camera that opens after the call has ended is closed at once", async () => {
  const { camera } = phone({ camera: "off" });
  await camera.open();
  const turning = camera.resume();
  camera.close();
  await turning;
  assert.equal(opened[0].readyState, "ended");
  assert.equal(camera.seen.is, "none");
});

test("what Android calls its cameras is not read out, what an iPhone calls them is", async () => {
  const { camera } = phone();
  await camera.open();
  assert.deepEqual(camera.seen.lenses.map(({ name }) => name), ["Back Camera", ""]);
});
