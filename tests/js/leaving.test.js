import assert from "node:assert/strict";
import { test } from "node:test";

import { Leaving } from "../../frontend/js/call/leaving.js";
import { CALL, HELP } from "./facts.js";

const OTHER = "d".repeat(32);
const block = { type: "call.block", help_request: HELP, call: CALL };

/** Somebody who pressed it without a link, and what is sent at each new one. */
function left(said) {
  const sent = [];
  const leaving = new Leaving((message) => sent.push(message) > 0);
  leaving.say(said);
  sent.length = 0;
  return { leaving, sent };
}

test("a block is said at each new link until the house knows of it, an end only of what goes on", () => {
  const { leaving, sent } = left(block);
  leaving.again(undefined);
  leaving.again(OTHER);
  assert.deepEqual(sent, [block, block]);
  const end = left({ ...block, type: "call.end" });
  end.leaving.again(undefined);
  end.leaving.again(OTHER);
  assert.deepEqual(end.sent, []);
  for (const id of [HELP, CALL]) end.leaving.again(id);
  assert.equal(end.sent.length, 2);
});

const ended = { type: "help.ended", seq: 1, help_request: HELP, call: CALL };
const refused = { type: "refused", about: "call.block", code: "unknown_id", text: "" };
for (const [message, knows] of [
  [{ ...ended, reason: "requester_blocked" }, true],
  [{ ...ended, type: "call.ended", reason: "volunteer_blocked" }, true],
  [{ ...ended, reason: "requester_blocked", call: OTHER }, false],
  [{ ...ended, reason: "volunteer_ended" }, false],
  [{ ...ended, type: "call.ended", reason: null }, false],
  [refused, true],
  [{ ...refused, about: "call.end" }, false],
  [{ ...refused, code: "too_often" }, false],
  [{ type: "link.fresh" }, false],
]) {
  test(`the house ${knows ? "knows" : "does not know"} of a block by ${JSON.stringify(message)}`, () => {
    const { leaving, sent } = left(block);
    leaving.heard(message);
    leaving.again(undefined);
    assert.equal(sent.length, knows ? 0 : 1);
  });
}
