import assert from "node:assert/strict";
import { test } from "node:test";

import { Gate, OPEN, SHUT } from "../../frontend/js/call/gate.js";

test("media may leave at the first word of Accept, the house's or the relay's", () => {
  const [house, relay] = [new Gate(), new Gate()];
  assert.ok(!house.open);
  assert.ok(house.told(true));
  assert.ok(house.open);
  assert.ok(relay.heard(OPEN));
  assert.ok(relay.open);
  assert.ok(!relay.accepted);
  assert.ok(!relay.told(false), "the house has not heard of Accept yet: it does not take it back");
  assert.ok(relay.open);
});

test("the relay's gate falls shut while a connection is replaced, and the call goes on", () => {
  const gate = new Gate();
  gate.heard(OPEN);
  gate.told(true);
  gate.heard(SHUT);
  assert.ok(gate.open);
});

test("what the relay shuts before the house has heard of Accept is shut", () => {
  const gate = new Gate();
  gate.heard(OPEN);
  gate.heard(SHUT);
  assert.ok(!gate.open);
});

test("the end of a call shuts it, whatever the relay said before", () => {
  const gate = new Gate();
  gate.heard(OPEN);
  gate.told(true);
  assert.ok(gate.told(false));
  assert.ok(!gate.open);
});

test("another connection has heard nothing yet, and other words are not about the gate", () => {
  const gate = new Gate();
  gate.heard(OPEN);
  gate.anew();
  assert.ok(!gate.open);
  for (const word of ["b", '{"t":"text"}', new ArrayBuffer(1)]) assert.ok(!gate.heard(word));
  assert.ok(!gate.open);
});
