import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { USUAL } from "../../frontend/js/state/mine.js";
import { keepRinging, ringing } from "../../frontend/js/state/ringing.js";
import { EARCONS, PARTIALS, length_s, peak } from "../../frontend/js/ui/earcons.js";
import { Tones } from "../../frontend/js/ui/tones.js";

const NAMES = Object.keys(EARCONS);
const PAIRS = NAMES.flatMap((one, at) => NAMES.slice(at + 1).map((other) => [one, other]));
const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);

// What an ear keeps of a short sound. Two of these must differ, clearly.
/** Where it goes: up, down, or nowhere. */
const contour = ({ notes }) => notes.slice(1).map(([hz], at) => Math.sign(hz - notes[at][0])).join();
/** How high it lies, in semitones. */
const register = ({ notes }) => sum(notes.map(([hz, , long_s]) => 12 * Math.log2(hz) * long_s)) / sum(notes.map(([, , long_s]) => long_s));
/** How fast it goes: steps a second. */
const pace = ({ notes }) => notes.length / Math.max(...notes.map(([, at_s, long_s]) => at_s + long_s));
const far = (one, other, times) => Math.max(one, other) / Math.min(one, other) >= times;

function differences(one, other) {
  return [
    contour(one) !== contour(other) && "contour",
    (one.notes.length !== other.notes.length || far(pace(one), pace(other), 1.5)) && "rhythm",
    Math.abs(register(one) - register(other)) >= 4 && "register",
  ].filter(Boolean);
}

test("no two sounds can be taken for each other", () => {
  const alike = PAIRS.filter(([one, other]) => differences(EARCONS[one], EARCONS[other]).length < 2);
  assert.deepEqual(alike, []);
});

test("good news goes up, bad news comes down, and what belongs together is each other turned round", () => {
  const directions = (name) => new Set(contour(EARCONS[name]).split(","));
  for (const name of ["connected", "back"]) assert.deepEqual([...directions(name)], ["1"], name);
  for (const name of ["lost", "ended"]) assert.deepEqual([...directions(name)], ["-1"], name);
  const pitches = (name) => EARCONS[name].notes.map(([hz]) => hz);
  assert.deepEqual(pitches("back"), pitches("lost").toReversed());
});

test("no two touches can be taken for each other, and none tires", () => {
  const pulses = ({ touch_ms }) => touch_ms.filter((_, at) => at % 2 === 0);
  const alike = PAIRS.filter(([one, other]) => {
    const [these, those] = [pulses(EARCONS[one]), pulses(EARCONS[other])];
    return these.length === those.length && !far(sum(these), sum(those), 1.5);
  });
  assert.deepEqual(alike, []);
  for (const name of NAMES) {
    assert.equal(EARCONS[name].touch_ms.length % 2, 1, `${name} ends with a pause`);
    assert.ok(sum(EARCONS[name].touch_ms) <= 1_000, name);
  }
});

test("the notes of a sound come one after the other, and it is soon over", () => {
  for (const [name, { notes }] of Object.entries(EARCONS)) {
    const overlaps = notes.slice(1).filter(([, at_s], at) => at_s < notes[at][1] + notes[at][2]);
    assert.deepEqual(overlaps, [], name);
    assert.ok(length_s(name) < (name === "ring" ? 1.5 : 1), name);
  }
});

test("no sound ever clips, and none but a ring drowns the screen reader's voice", () => {
  assert.ok(Math.abs(sum(PARTIALS.map(([, share]) => share)) - 1) < 1e-9);
  for (const name of NAMES) assert.ok(peak(name, 100) <= (name === "ring" ? 0.6 : 0.25), name);
  assert.ok(peak("connected", USUAL.volume) < 0.13);
  assert.equal(peak("connected", 0), 0);
  assert.ok(peak("waiting", 50) < peak("connected", 50), "what comes again and again is the softest");
});

/** A device that writes down what it plays, and how long it was touched. */
async function onDevice(run) {
  const heard = [];
  const node = () => class {
    constructor(_context, { frequency }) { this.frequency = frequency; }
    connect(next) { return next; }
    start(at_s) { heard.push([this.frequency, at_s]); }
    stop() {}
    gain = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {}, setTargetAtTime() {} };
  };
  const touched = [];
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.assign(globalThis, {
    AudioContext: class { state = "running"; currentTime = 0; destination = {}; resume = async () => {}; },
    GainNode: node(), OscillatorNode: node(),
  });
  Object.defineProperty(globalThis, "navigator", {
    configurable: true,
    value: { userActivation: { hasBeenActive: true }, vibrate: (pulses) => touched.push(pulses) },
  });
  try {
    await run();
  } finally {
    for (const name of ["AudioContext", "GainNode", "OscillatorNode"]) delete globalThis[name];
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else delete globalThis.navigator;
  }
  return { heard, touched };
}

const played = (wishes, tone) => onDevice(() => {
  const tones = new Tones(() => ({ ...USUAL, ...wishes }));
  tones.unlock();
  tones.play(tone);
});

test("each note is made of its partials", async () => {
  const { heard, touched } = await played({}, "lost");
  assert.deepEqual(heard.map(([hz]) => hz), [329.63, 659.26, 220, 440]);
  assert.deepEqual(touched, [EARCONS.lost.touch_ms]);
});

test("sounds and touches are turned off each for itself, and a ring still rings", async () => {
  assert.deepEqual(await played({ tones: false }, "lost"), { heard: [], touched: [EARCONS.lost.touch_ms] });
  assert.equal((await played({ vibration: false }, "lost")).heard.length, 4);
  assert.deepEqual((await played({ vibration: false }, "lost")).touched, []);
  assert.equal((await played({ tones: false, volume: 0 }, "ring")).heard.length, 8);
});

test("a ring is as loud as this device was told, and loud where nobody said", async () => {
  assert.equal(peak("ring", 0), 0);
  assert.ok(peak("ring", 50) < peak("ring", 100) / 3, "heard as even steps");
  const rung = (chosen) => onDevice(() => {
    const tones = new Tones(() => ({ ...USUAL, vibration: true }));
    tones.ringing = () => chosen;
    tones.unlock();
    tones.play("ring");
  });
  assert.deepEqual((await rung({ volume: 50, vibration: false })).touched, []);
  assert.deepEqual((await rung({ volume: 50, vibration: true })).touched, [EARCONS.ring.touch_ms]);
});

test("what this device was told of its ring is kept, and nonsense is not believed", () => {
  const memory = { kept: null, getItem: () => memory.kept, setItem: (_, text) => (memory.kept = text) };
  assert.deepEqual(ringing(memory), { volume: 100, vibration: true });
  keepRinging({ volume: 0, vibration: false }, memory);
  assert.deepEqual(ringing(memory), { volume: 0, vibration: false });
  for (const text of ["", "null", "7", "{", '{"volume":101}', '{"volume":"loud"}', '{"volume":null}']) {
    memory.kept = text;
    assert.deepEqual(ringing(memory), { volume: 100, vibration: true }, text);
  }
  const none = { getItem: () => { throw new Error("forbidden"); }, setItem: () => { throw new Error("full"); } };
  keepRinging({ volume: 10, vibration: true }, none);
  assert.deepEqual(ringing(none), { volume: 100, vibration: true });
});

test("every sound has a button by which it can be heard, and no button is without one", () => {
  const template = readFileSync(new URL("../../frontend/templates/_sounds.html", import.meta.url), "utf8");
  const offered = [...template.matchAll(/data-sound="(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(offered.toSorted(), NAMES.toSorted());
});

test("whoever wants to hear a sound hears it also where they are turned off", async () => {
  const off = () => ({ ...USUAL, tones: false, vibration: false });
  const { heard, touched } = await onDevice(() => new Tones(off).try("back"));
  assert.deepEqual([heard.length, touched.length], [4, 0]);
});

test("a page that was not touched yet keeps quiet", async () => {
  const { heard } = await onDevice(() => new Tones(() => USUAL).play("asking"));
  assert.deepEqual(heard, []);
});
