import assert from "node:assert/strict";
import { test } from "node:test";

import { NOTHING, reduce, standing, view } from "../../frontend/js/state/volunteer.js";
import { says } from "../../frontend/js/state/volunteer_says.js";
import { CALL, HELP, OFFER, call, offer, volunteerSnapshot } from "./facts.js";

const keys = (before, after) => says(before, after).map((saying) => saying.key);
const free = reduce(NOTHING, volunteerSnapshot({ state: "available", taking: true }), 5000);
const ringing = reduce(free, { type: "offer.made", seq: 1, offer: offer() });
const accepted = reduce(ringing, { type: "call.changed", seq: 2, help_request: HELP, call: call({ peer: null }) });
const offerEnded = (why, outcome = "withdrawn") =>
  ({
    type: "offer.ended", seq: 2, offer: OFFER, outcome, why, state: "available", taking: true,
    away: null, next_ms: 0,
  });

test("a ring opens, and an accepted one becomes the call", () => {
  assert.equal(ringing.offer.id, OFFER);
  assert.deepEqual(keys(free, ringing), ["ring"]);
  assert.equal(view(accepted), "call");
  assert.equal(accepted.offer, null);
  assert.deepEqual(keys(ringing, accepted), ["accepted"]);
});

test("every way in which a ring ends without us is said in its own words", () => {
  for (const why of ["declined", "missed", "quicker", "gone"]) {
    const after = reduce(ringing, offerEnded(why));
    assert.equal(after.offer, null);
    assert.deepEqual(keys(ringing, after), [`ring.${why}`]);
  }
});

test("an accept that came second closes the ring, and the message that follows says nothing twice", () => {
  const second = reduce(ringing, { type: "refused", code: "quicker", text: "", about: "offer.accept" });
  assert.deepEqual(keys(ringing, second), ["ring.quicker"]);
  const told = reduce(second, offerEnded("quicker"));
  assert.deepEqual(keys(second, told), []);
  assert.equal(told.seq, 2);
});

test("the ring's time starts when it is shown", () => {
  const timed = reduce(ringing, { type: "offer.timed", seq: 2, offer: OFFER, deadline_ms: 21_000 });
  assert.equal(timed.offer.deadline_ms, 21_000);
  assert.equal(timed.offer.shown, true);
});

test("a ring that is gone from the snapshot is over", () => {
  const back = reduce(ringing, volunteerSnapshot({ seq: 5, state: "available", taking: true }));
  assert.deepEqual(keys(ringing, back), ["ring.gone"]);
});

test("an accept that was answered during an outage leads into the call", () => {
  const pressed = reduce(ringing, { type: "local.accept", offer: OFFER });
  const back = reduce(pressed, volunteerSnapshot({
    seq: 5, state: "in_call", taking: true, help_request: HELP, call: call(),
  }));
  assert.equal(view(back), "call");
  assert.equal(back.last_offer, null);
});

test("an accept that nobody heard is still wanted after an outage", () => {
  const pressed = reduce(ringing, { type: "local.accept", offer: OFFER });
  const back = reduce(pressed, volunteerSnapshot({ state: "ringing", taking: true, offer: offer() }));
  assert.equal(back.accepting, OFFER);
});

test("the end brings the questions, and they stay until the person is done", () => {
  const over = reduce(accepted, {
    type: "call.ended", seq: 3, help_request: HELP, call: CALL, reason: "requester_ended",
    state: "wrapping_up", taking: true, away: null,
  });
  assert.equal(view(over), "after");
  assert.deepEqual(keys(accepted, over), ["ended.volunteer.requester_ended"]);
  const rested = reduce(over, { type: "volunteer.changed", seq: 4, state: "available", taking: true, reach: "page", why: null });
  assert.equal(view(rested), "after");
  assert.equal(view(reduce(rested, { type: "local.back" })), "idle");
});

test("a person who was put back is told as such", () => {
  const over = reduce(accepted, {
    type: "call.ended", seq: 3, help_request: HELP, call: CALL, reason: null,
    state: "available", taking: true, away: null,
  });
  assert.deepEqual(keys(accepted, over), ["ended.volunteer.put_back"]);
});

test("a call that is gone from the snapshot is over, in words", () => {
  const back = reduce(accepted, volunteerSnapshot({ seq: 9, state: "wrapping_up", taking: true }));
  assert.equal(view(back), "after");
  assert.deepEqual(keys(accepted, back), ["ended.volunteer.unknown"]);
});

test("starting and stopping is said, the first snapshot is not", () => {
  assert.deepEqual(keys(NOTHING, free), []);
  const away = reduce(free, { type: "volunteer.changed", seq: 1, state: "away", taking: false, reach: "page", why: "chosen" });
  assert.deepEqual(keys(free, away), ["presence.stopped"]);
});

test("who is suspended reads it once, and rings no more", () => {
  const out = reduce(ringing, { type: "local.farewell", code: "suspended" });
  assert.equal(out.offer, null);
  assert.equal(out.taking, false);
  assert.deepEqual(keys(ringing, out), []);
});

const changed = (more) =>
  ({ type: "volunteer.changed", seq: 1, state: "away", taking: true, reach: "page", why: null, ...more });

test("three missed rings are told once, kindly, and how to come back", () => {
  const third = reduce(ringing, {
    ...offerEnded("missed", "missed"), state: "away", taking: false, away: "missed",
  });
  assert.deepEqual(keys(ringing, third), ["why.missed"]);
  assert.equal(standing(third), "why.missed", "and it stays to be read");
  const back = reduce(third, changed({ seq: 3, state: "available" }));
  assert.deepEqual(keys(third, back), ["presence.taking"]);
});

test("who takes calls and is not rung hears why, once", () => {
  for (const why of ["asleep", "snoozed", "gone"]) {
    const quiet = reduce(free, changed({ why }));
    assert.deepEqual(keys(free, quiet), [`why.${why}`]);
    assert.deepEqual(keys(quiet, reduce(quiet, changed({ seq: 2, why }))), []);
  }
});

test("a page that is reached by push says so, and a message that is silent about it keeps it", () => {
  const pushed = reduce(NOTHING, volunteerSnapshot({ state: "available", taking: true, reach: "push" }));
  assert.equal(standing(pushed), "presence.push");
  const rung = reduce(pushed, { type: "offer.made", seq: 1, offer: offer() });
  assert.equal(reduce(rung, offerEnded("missed", "missed")).reach, "push");
});

test("who was too late is next in line until the time that the house named", () => {
  const late = reduce(ringing, { ...offerEnded("quicker"), next_ms: 65_000 });
  assert.equal(late.next_ms, 65_000);
  assert.equal(reduce(late, changed({ seq: 3, state: "available" })).next_ms, 65_000);
});

const calling = reduce(ringing, {
  type: "call.changed", seq: 2, help_request: HELP, call: call({ state: "confirming", peer: null }),
});

test("a call-back that was accepted is a ring at their side first", () => {
  assert.deepEqual(keys(ringing, calling), ["accepted.call_back"]);
  const there = reduce(calling, {
    type: "call.changed", seq: 3, help_request: HELP, call: call({ state: "connecting", peer: null }),
  });
  assert.deepEqual(keys(calling, there), ["confirmed"]);
});

test("a call-back that never began asks no questions", () => {
  const unmet = reduce(calling, {
    type: "call.ended", seq: 3, help_request: HELP, call: CALL, reason: null,
    state: "available", taking: true, away: null,
  });
  assert.equal(view(unmet), "idle");
  assert.deepEqual(keys(calling, unmet), ["unmet"]);
  assert.equal(reduce(unmet, { type: "offer.made", seq: 4, offer: offer() }).unmet, false);
});

test("a Requester's name and braille are said at the ring and when they meet", () => {
  const named = reduce(free, { type: "offer.made", seq: 1, offer: offer({ name: "Maria", braille: true }) });
  assert.deepEqual(says(free, named).map(({ key, params }) => [key, params]), [["ring.named", { name: "Maria" }]]);
  const meets = (more) => {
    const before = { ...free, call: call({ state: "connecting", peer: null }) };
    const after = { ...before, call: call({ state: "in_call", peer: null, ...more }) };
    return says(before, after).at(-1);
  };
  assert.equal(meets({}).key, "connected.volunteer");
  assert.equal(meets({ braille: true }).key, "connected.volunteer.braille");
  assert.deepEqual(meets({ peer: "Maria" }).params, { name: "Maria" });
  assert.equal(meets({ peer: "Maria", braille: true }).key, "connected.volunteer.braille.named");
});
