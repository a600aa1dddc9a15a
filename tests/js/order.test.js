import assert from "node:assert/strict";
import { test } from "node:test";

import { order } from "../../frontend/js/state/order.js";

test("a snapshot always applies, also one from a house that forgot everything", () => {
  assert.equal(order(40, { type: "snapshot.requester", seq: 0 }), "apply");
});

test("the next number applies, an old one is dropped, a gap is noticed", () => {
  assert.equal(order(4, { type: "help.changed", seq: 5 }), "apply");
  assert.equal(order(4, { type: "help.changed", seq: 4 }), "old");
  assert.equal(order(4, { type: "help.changed", seq: 6 }), "gap");
});

test("before the first snapshot nothing numbered applies", () => {
  assert.equal(order(-1, { type: "offer.made", seq: 0 }), "gap");
});

test("a pulse ahead of us says that something was missed", () => {
  assert.equal(order(4, { type: "pulse", seq: 4 }), "apply");
  assert.equal(order(4, { type: "pulse", seq: 5 }), "gap");
  assert.equal(order(-1, { type: "pulse", seq: 5 }), "apply");
});

test("what carries no number applies", () => {
  assert.equal(order(4, { type: "leg.description" }), "apply");
});
