import assert from "node:assert/strict";
import { test } from "node:test";

import { TRIES, news, trying } from "../../frontend/js/state/practice.js";
import { NOTHING, reduce, view } from "../../frontend/js/state/volunteer.js";
import { CALL, HELP, call, offer, volunteerSnapshot } from "./facts.js";

const here = reduce(NOTHING, volunteerSnapshot(), 5000);
const before = reduce(here, { type: "local.practice", on: true });
const rung = reduce(before, { type: "offer.made", seq: 1, offer: offer({ practice: true }) });
const met = reduce(rung, {
  type: "call.changed", seq: 2, help_request: HELP, call: call({ peer: null, practice: true }),
});
const ended = {
  type: "call.ended", seq: 3, help_request: HELP, call: CALL, reason: "volunteer_ended",
  state: "away", taking: false, away: "chosen",
};

test("a practice goes from its door through the call and the questions to where calls are taken", () => {
  assert.equal(view(before), "practice");
  assert.equal(view(rung), "practice");
  assert.equal(view(met), "call");
  const after = reduce(met, ended);
  assert.equal(view(after), "after");
  assert.equal(after.ended.practice, true);
  assert.equal(view(reduce(after, { type: "local.back" })), "idle");
  assert.equal(view(reduce(before, { type: "local.practice", on: false })), "idle");
});

test("somebody who practises without taking calls rings on this page, and takes none after it", () => {
  const away = reduce(here, { type: "volunteer.changed", seq: 1, state: "away", taking: false, why: "chosen", reach: "push" });
  const ringing = reduce(away, { type: "offer.made", seq: 2, offer: offer({ practice: true }) });
  assert.deepEqual([ringing.state, ringing.taking, ringing.reach], ["ringing", false, "page"]);
  const real = reduce(away, { type: "offer.made", seq: 2, offer: offer() });
  assert.equal(real.reach, "push");
});

test("the questions after a real call are no practice's", () => {
  const real = reduce(before, { type: "call.changed", seq: 1, help_request: HELP, call: call() });
  assert.equal("practice" in reduce(real, { ...ended, seq: 2 }).ended, false);
});

test("what was tried is said once, and at the end that it was everything", () => {
  const light = trying([], "light");
  assert.deepEqual(news([], light), ["try.light"]);
  assert.equal(trying(light, "light"), light);
  assert.deepEqual(news(light, light), []);
  const most = TRIES.slice(1).reduce(trying, []);
  assert.deepEqual(news(most, trying(most, TRIES[0])), [`try.${TRIES[0]}`, "practice.all"]);
});
