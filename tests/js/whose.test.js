import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createWhose, remember } from "../../frontend/js/net/whose.js";

/** What one browser keeps: a page that writes is heard by all others. */
function browser() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

let heard = {};
beforeEach(() => {
  heard = {};
  globalThis.addEventListener = (type, run) => (heard[type] = run);
});

/** A page at the start; what it was told, and how often it loaded anew. */
function page(me, memory, met = true) {
  const here = { busy: false, loads: 0, ends: () => undefined };
  const store = { get: () => here, watch: (run) => (here.ends = run) };
  createWhose({ me, met }, store, (now) => now.busy, memory, () => (here.loads += 1));
  return Object.assign(here, { storage: heard.storage, pageshow: heard.pageshow });
}

test("a page loads anew when another one is somebody else's", () => {
  const memory = browser();
  const old = page("maria", memory);
  remember({ me: "maria", met: true }, memory);
  old.storage();
  assert.equal(old.loads, 0);
  remember({ me: "noor", met: true }, memory);
  old.storage();
  assert.equal(old.loads, 1);
});

test("a call goes on to its end, and then the page loads anew", () => {
  const memory = browser();
  const old = page("maria", memory);
  old.busy = true;
  remember({ me: "noor", met: true }, memory);
  old.storage();
  old.ends();
  assert.equal(old.loads, 0);
  old.busy = false;
  old.ends();
  assert.equal(old.loads, 1);
});

test("a page that slept looks when it comes back", () => {
  const memory = browser();
  const old = page("maria", memory);
  remember({ me: "noor", met: true }, memory);
  old.pageshow();
  assert.equal(old.loads, 1);
});

test("a browser that keeps no cookie is somebody new each time, and loads nothing anew", () => {
  const memory = browser();
  remember({ me: "left over", met: true }, memory);
  const first = page("one", memory, false);
  const second = page("two", memory, false);
  first.storage();
  second.storage();
  assert.deepEqual([first.loads, second.loads], [0, 0]);
});

test("where nothing may be kept, the page is as it was", () => {
  const never = () => {
    throw new Error("denied");
  };
  const old = page("maria", { getItem: never, setItem: never, removeItem: never });
  old.storage();
  assert.equal(old.loads, 0);
});
