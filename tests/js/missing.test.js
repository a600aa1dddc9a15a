import assert from "node:assert/strict";
import { test } from "node:test";

import { NOBODY, missing } from "../../frontend/js/state/missing.js";
import { NOTHING, reduce } from "../../frontend/js/state/volunteer.js";
import { says } from "../../frontend/js/state/volunteer_says.js";
import { moment } from "../../frontend/js/ui/missed.js";
import { HELP, call } from "./facts.js";

const at = (mine, theirs, seq) =>
  ({ type: "call.changed", seq, help_request: HELP, call: call({ state: "in_call", mine, theirs, peer: null }) });
const inCall = reduce(NOTHING, at("up", "up", 1));
const gap = (is) => ({ type: "local.gap", gap: is });

/** What is said of each of these, one after the other. */
function story(...messages) {
  let state = inCall;
  return messages.map((message) => {
    const next = reduce(state, message, 1_000);
    const said = says(state, next).map((saying) => saying.key);
    state = next;
    return said.join();
  });
}

test("a new leg in the place of a lost one is no return before it is up", () => {
  const [lost, back] = ["leg.theirs.lost", "leg.theirs.back"];
  assert.deepEqual(
    story(at("up", "lost", 2), at("up", "new", 3), at("up", "lost", 4), at("up", "up", 5)),
    [lost, "", "", back],
  );
});

test("a new leg in the place of a good one is no loss", () => {
  assert.deepEqual(story(at("up", "new", 2), at("new", "new", 3), at("up", "up", 4)), ["", "", ""]);
});

test("a page whose network is dead says so by itself, and once", () => {
  const [lost, back] = ["leg.mine.lost", "leg.mine.back"];
  assert.deepEqual(
    story(gap(true), at("lost", "up", 2), gap(false), at("new", "up", 3), at("up", "up", 4)),
    [lost, "", "", "", back],
  );
  assert.deepEqual(story(gap(true), gap(false)), [lost, back]);
});

test("it is known since when somebody is missed, and nobody is before or after the call", () => {
  const lost = call({ state: "in_call", mine: "up", theirs: "lost" });
  const since = missing(NOBODY, lost, false, 5_000);
  assert.deepEqual(since, { mine: 0, theirs: 5_000 });
  assert.equal(missing(since, lost, false, 9_000), since);
  assert.equal(missing(since, null, false, 9_000), NOBODY);
  assert.equal(missing(NOBODY, call({ state: "connecting", theirs: "lost" }), true, 1), NOBODY);
});

test("how long it has been is said after twenty seconds, then each minute", () => {
  assert.deepEqual([0, 19_999, 20_000, 59_999, 60_000, 119_999, 120_000].map(moment), [0, 0, 1, 1, 2, 2, 3]);
});
