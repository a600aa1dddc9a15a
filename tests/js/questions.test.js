/** Does what somebody chose after a call arrive, however they go, and each choice once? */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Questions } from "../../frontend/js/ui/questions.js";

class Input {
  value = "";
}

/** A page with a form in which `chosen` is chosen, and what it has sent while it went. */
function page() {
  const chosen = new Map();
  const sent = [];
  const beyond = new EventTarget();
  const document = new EventTarget();
  document.visibilityState = "visible";
  const input = new Input();
  const form = { action: "/rating/", querySelector: () => input, reset: () => chosen.clear() };
  class Data extends Map {
    constructor() {
      super([["call", input.value], ...chosen]);
    }
  }
  const sendBeacon = (url, data) => sent.push([url, Object.fromEntries(data)]) > 0;
  const known = {
    HTMLInputElement: Input, FormData: Data, document, navigator: { sendBeacon },
    addEventListener: beyond.addEventListener.bind(beyond),
  };
  for (const [name, value] of Object.entries(known)) Object.defineProperty(globalThis, name, { value, configurable: true });
  const turn = (/** @type {string} */ state) => {
    document.visibilityState = state;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  const go = () => beyond.dispatchEvent(new Event("pagehide"));
  const questions = new Questions(form);
  questions.begin("c1");
  return { chosen, sent, turn, go };
}

test("choosing sends nothing; whoever leaves, or puts the page away, has sent it, once", () => {
  for (const leaves of ["go", "hide"]) {
    const { chosen, sent, turn, go } = page();
    chosen.set("solved", "no");
    turn("visible");
    assert.deepEqual(sent, []);
    if (leaves === "hide") turn("hidden");
    else go();
    assert.deepEqual(sent, [["/rating/", { call: "c1", solved: "no" }]], leaves);
    go();
    assert.equal(sent.length, 1, leaves);
  }
});

test("who comes back and thinks again has the last word", () => {
  const { chosen, sent, turn, go } = page();
  chosen.set("solved", "no");
  turn("hidden");
  turn("visible");
  chosen.set("solved", "yes");
  go();
  assert.deepEqual(sent.map(([, { solved }]) => solved), ["no", "yes"]);
});

test("who takes back that they would like to meet again is heard, also with nothing else to say", () => {
  for (const more of [[], [["feeling", "good"]]]) {
    const { chosen, sent, turn, go } = page();
    for (const [name, value] of [["again", "yes"], ...more]) chosen.set(name, value);
    turn("hidden");
    turn("visible");
    chosen.delete("again");
    go();
    turn("hidden");
    assert.deepEqual(sent.map(([, { again }]) => again), ["yes", "no"]);
  }
});

test("nothing was chosen: nothing is sent", () => {
  const { sent, turn, go } = page();
  turn("hidden");
  go();
  assert.deepEqual(sent, []);
});
