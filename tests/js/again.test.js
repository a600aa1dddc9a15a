import assert from "node:assert/strict";
import { test } from "node:test";

import { NOTHING } from "../../frontend/js/state/requester.js";
import { createAgain, recall } from "../../frontend/js/ui/again.js";
import { CALL } from "./facts.js";

test("a page that is loaded again offers whom they met, and nobody who was blocked since", () => {
  globalThis.document = { querySelectorAll: () => [] };
  globalThis.window = { setTimeout: () => 0 };
  const kept = new Map();
  const memory = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => void kept.set(key, text) };
  let heard = (_before, _now) => undefined;
  createAgain(null, null, { get: () => NOTHING, dispatch: () => undefined, watch: (watch) => (heard = watch) }, null, memory);
  const met = { ...NOTHING, met: { call: CALL, peer: "Noor", until_ms: Date.now() + 600_000 } };
  heard(NOTHING, met);
  assert.deepEqual(recall(memory), met.met);
  heard(met, NOTHING);
  assert.equal(recall(memory), null);
});
