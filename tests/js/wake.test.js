/** Does the screen stay on for as long as somebody needs it, and not a moment longer? */

import assert from "node:assert/strict";
import { test } from "node:test";

import { createWakeLock } from "../../frontend/js/call/wake.js";

/** A device whose screen is kept on by whoever holds a lock. It answers when `answer` is called. */
function device() {
  const held = new Set();
  const waiting = [];
  const page = new EventTarget();
  page.visibilityState = "visible";
  const give = () => {
    const lock = new EventTarget();
    lock.release = async () => held.delete(lock) && lock.dispatchEvent(new Event("release"));
    held.add(lock);
    return lock;
  };
  const request = () => new Promise((done) => waiting.push(() => done(give())));
  const answer = async () => {
    for (const done of waiting.splice(0)) done();
    await new Promise(setImmediate);
  };
  const turn = (visibilityState) => {
    page.visibilityState = visibilityState;
    if (visibilityState === "hidden") for (const lock of [...held]) void lock.release();
    page.dispatchEvent(new Event("visibilitychange"));
  };
  return { held, waiting, page, request, answer, turn };
}

/** @param {Partial<Navigator>} [navigator] instead of one that has the lock */
function on(navigator) {
  const screen = device();
  Object.defineProperty(globalThis, "document", { value: screen.page, configurable: true });
  const value = navigator ?? { wakeLock: { request: screen.request } };
  Object.defineProperty(globalThis, "navigator", { value, configurable: true });
  return { screen, wake: createWakeLock() };
}

test("the screen is kept on from when it is wanted until it is not", async () => {
  const { screen, wake } = on();
  wake.want(true);
  await screen.answer();
  assert.equal(screen.held.size, 1);
  wake.want(false);
  assert.equal(screen.held.size, 0);
});

test("wanting it at every change takes one lock, and nothing is left of it", async () => {
  const { screen, wake } = on();
  for (let change = 0; change < 3; change += 1) wake.want(true);
  await screen.answer();
  assert.equal(screen.held.size, 1);
  wake.want(false);
  assert.equal(screen.held.size, 0);
});

test("a lock that comes when nobody wants it any more is given back", async () => {
  const { screen, wake } = on();
  wake.want(true);
  wake.want(false);
  await screen.answer();
  assert.equal(screen.held.size, 0);
});

test("a page that comes back takes it again, and one that needs none does not", async () => {
  const { screen, wake } = on();
  wake.want(true);
  await screen.answer();
  screen.turn("hidden");
  assert.equal(screen.held.size, 0);
  screen.turn("visible");
  await screen.answer();
  assert.equal(screen.held.size, 1);
  wake.want(false);
  screen.turn("hidden");
  screen.turn("visible");
  assert.deepEqual([screen.held.size, screen.waiting.length], [0, 0]);
});

test("a device without it is no mistake", async () => {
  const { wake } = on({});
  wake.want(true);
  await new Promise(setImmediate);
  wake.want(false);
});
