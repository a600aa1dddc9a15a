import assert from "node:assert/strict";
import { test } from "node:test";

import { NOTHING, mayChoose, needsScreen, reduce, toPassOn, unasked, view } from "../../frontend/js/state/requester.js";
import { says } from "../../frontend/js/state/requester_says.js";
import { CALL, HELP, call, help, requesterSnapshot } from "./facts.js";

const WANT = { camera: true, microphone: true, among: "circle_first", topic: null, later: false };
const run = (messages, from = NOTHING) => messages.reduce((state, m) => reduce(state, m, 5000), from);
const keys = (before, after) => says(before, after).map((saying) => saying.key);

const waiting = run([
  requesterSnapshot(), { type: "local.prepare" }, { type: "local.want", want: WANT },
  { type: "help.changed", seq: 1, help_request: help() },
]);
const inCall = run([
  { type: "call.changed", seq: 2, help_request: HELP, call: call() },
  { type: "call.changed", seq: 3, help_request: HELP, call: call({ state: "in_call", theirs: "up" }) },
], waiting);
const ended = (reason, id = CALL) => ({ type: "help.ended", seq: 4, help_request: HELP, call: id, reason });

test("the views follow the call from the button to the questions and back", () => {
  assert.equal(view(NOTHING), "start");
  assert.equal(view(reduce(NOTHING, { type: "local.prepare" })), "waiting");
  assert.equal(view(waiting), "waiting");
  assert.equal(view(inCall), "call");
  const after = reduce(inCall, ended("volunteer_ended"));
  assert.equal(view(after), "after");
  assert.equal(view(reduce(after, { type: "local.back" })), "start");
});

test("who cancels is back at the start without questions", () => {
  assert.equal(view(reduce(waiting, ended("cancelled", null))), "start");
});

test("a snapshot that forgot the request leaves the wish, so that the page asks again", () => {
  const forgot = reduce(waiting, requesterSnapshot({ run: "r2" }), 5000);
  assert.equal(forgot.help, null);
  assert.ok(unasked(forgot));
  assert.equal(view(forgot), "waiting");
  assert.deepEqual(keys(waiting, forgot), [], "nothing is said before the house has answered");
});

test("a wish that the house refuses ends in words", () => {
  const asking = run([requesterSnapshot(), { type: "local.want", want: WANT }]);
  const refused = reduce(asking, { type: "refused", code: "too_often", text: "", about: "help.ask" });
  assert.equal(view(refused), "start");
  assert.deepEqual(keys(asking, refused), ["trouble.too_often"]);
});

test("a part that did not answer in time is asked again, not given up", () => {
  const asking = run([requesterSnapshot(), { type: "local.want", want: WANT }]);
  const refused = reduce(asking, { type: "refused", code: "try_again", text: "", about: "help.ask" });
  assert.ok(unasked(refused));
});

test("an end that was missed in an outage still leads to the questions", () => {
  const forgot = reduce(inCall, requesterSnapshot({ seq: 9 }));
  const over = reduce(forgot, { type: "refused", code: "too_late", text: "", about: "help.ask" });
  assert.equal(view(over), "after");
  assert.equal(over.ended.call, CALL);
});

test("a refusal of something else changes nothing", () => {
  const refused = { type: "refused", code: "out_of_turn", text: "", about: "help.cancel" };
  assert.equal(reduce(waiting, refused), waiting);
});

test("how many are asked, who answered and that it is connected is said, each once", () => {
  const before = run([requesterSnapshot(), { type: "local.want", want: WANT }]);
  assert.deepEqual(keys(before, waiting), ["asking"]);
  const asked = reduce(waiting, { type: "help.changed", seq: 2, help_request: help({ state: "ringing", asked: 3 }) });
  assert.deepEqual(says(waiting, asked)[0].params, { n: 3 });
  assert.deepEqual(keys(asked, { ...asked }), []);
  const accepted = reduce(asked, { type: "call.changed", seq: 3, help_request: HELP, call: call() });
  assert.deepEqual(keys(asked, accepted), ["answered.named"]);
  const joined = { type: "call.changed", seq: 4, help_request: HELP, call: call({ state: "in_call" }) };
  const connected = reduce(accepted, joined);
  const [saying] = says(accepted, connected);
  assert.equal(saying.key, "connected.named");
  assert.equal(saying.assertive, true);
});

test("a ring that nobody answered is no silence", () => {
  const rung = reduce(waiting, { type: "help.changed", seq: 2, help_request: help({ state: "ringing", asked: 1 }) });
  const again = reduce(rung, { type: "help.changed", seq: 3, help_request: help({ asked: 1 }) });
  assert.deepEqual(keys(rung, again), ["still_asking"]);
});

test("a house with nobody free says so at once", () => {
  const alone = reduce(NOTHING, { type: "help.changed", seq: 1, help_request: help({ reachable: 0 }) });
  assert.deepEqual(keys(NOTHING, alone), ["nobody_free"]);
});

test("the same truth by a snapshot says the same as by messages", () => {
  const later = help({ state: "in_call", asked: 3, call: call({ state: "in_call" }) });
  const snapshot = reduce(waiting, requesterSnapshot({ seq: 7, help_request: later }));
  assert.deepEqual(keys(waiting, snapshot), ["connected.named"]);
});

test("a volunteer who leaves puts the person back with a word", () => {
  const back = reduce(inCall, { type: "help.changed", seq: 4, help_request: help({ asked: 3 }) });
  assert.deepEqual(keys(inCall, back), ["put_back.named"]);
  assert.equal(view(back), "waiting");
});

const OTHER = "e".repeat(32);
const handedOver = (why = "must_go", more = {}) => ({
  type: "help.changed", seq: 4, help_request: help({ asked: 3, handed: { call: CALL, why, at_ms: 90_000 }, ...more }),
});
const noted = reduce(inCall, { type: "local.hand", note: "Page 2 is read." });
const NOOR = { call: CALL, peer: "Noor" };
const bobs = { type: "call.changed", seq: 6, help_request: HELP, call: call({ id: OTHER, peer: "Bob", state: "in_call" }) };

test("who is handed over hears why, and what is said of them to the next one", () => {
  const handed = reduce(noted, handedOver());
  assert.deepEqual(says(noted, handed).map(({ key, params }) => [key, params]), [
    ["handed.must_go.named", { name: "Noor", language: "en", topic: "" }],
    ["handed.note", { text: "Page 2 is read." }],
  ]);
  assert.equal(view(handed), "waiting");
  assert.deepEqual(keys(inCall, reduce(inCall, handedOver("topic", { topic: "cooking" }))), ["handed.topic.named"]);
});

test("the note is for the next Volunteer alone", () => {
  assert.equal(toPassOn(noted), null);
  const handed = reduce(noted, handedOver());
  assert.equal(toPassOn(handed), null);
  const rung = reduce(handed, handedOver("must_go", { state: "ringing", asked: 4 }));
  const met = reduce(rung, bobs);
  assert.deepEqual(toPassOn(met), { t: "note", text: "Page 2 is read." });
  const back = reduce(met, requesterSnapshot({
    seq: 7, help_request: help({ state: "in_call", handed: handedOver().help_request.handed, call: bobs.call }),
  }));
  assert.equal(toPassOn(back).text, "Page 2 is read.");
  const again = reduce(back, handedOver("must_go", { handed: { call: OTHER, why: "must_go", at_ms: 99_000 } }));
  assert.deepEqual(again.handed, { call: OTHER, peer: "Bob", note: "", before: [NOOR] });
  const third = reduce(again, { ...bobs, seq: 9, call: call({ id: "f".repeat(32), state: "in_call" }) });
  assert.equal(toPassOn(third), null);
});

test("a note for a hand-over that never came goes nowhere", () => {
  const ended = reduce(noted, { type: "help.ended", seq: 5, help_request: HELP, call: CALL, reason: "requester_ended" });
  assert.equal(ended.handed, null);
  const back = reduce(noted, { type: "help.changed", seq: 5, help_request: help({ asked: 3 }) });
  assert.equal(toPassOn(reduce(back, bobs)), null);
});

test("who is handed over and cancels is asked about the call that was", () => {
  const handed = reduce(noted, handedOver());
  const ended = reduce(handed, { type: "help.ended", seq: 5, help_request: HELP, call: null, reason: "cancelled" });
  assert.deepEqual(ended.ended, { call: CALL, peer: "Noor", reason: "cancelled", before: [] });
  assert.deepEqual([view(ended), ended.met], ["after", null]);
});

test("after the end it is known who helped before, and by whom it was passed on", () => {
  const withBob = reduce(reduce(noted, handedOver()), bobs);
  const over = { type: "help.ended", seq: 9, help_request: HELP, reason: "requester_ended" };
  const { call: last, before } = reduce(withBob, { ...over, call: OTHER }).ended;
  assert.deepEqual([last, before], [OTHER, [NOOR]]);

  // Bob would hand over, too: the call ends before, or after it, or with a third one.
  const wished = reduce(withBob, { type: "local.hand", note: "" });
  assert.deepEqual(reduce(wished, { ...over, call: OTHER }).ended.before, [NOOR]);
  const again = reduce(wished, handedOver("must_go", { handed: { call: OTHER, why: "must_go", at_ms: 99_000 } }));
  assert.deepEqual(reduce(again, { ...over, call: null }).ended.before, [NOOR]);
  const third = reduce(again, { ...bobs, seq: 8, call: call({ id: "f".repeat(32), state: "in_call" }) });
  assert.deepEqual(reduce(third, { ...over, call: "f".repeat(32) }).ended.before, [NOOR, { call: OTHER, peer: "Bob" }]);
  assert.deepEqual(reduce(inCall, { ...over, call: CALL }).ended.before, []);
});

test("a page that was loaded anew knows that, but neither the name nor the note", () => {
  const fresh = reduce(NOTHING, requesterSnapshot({ seq: 4, help_request: handedOver().help_request }));
  assert.deepEqual(fresh.handed, { call: CALL, peer: null, note: "", before: [] });
});

test("a line that is lost and comes back is said for both sides", () => {
  const at = (mine, theirs, seq) =>
    ({ type: "call.changed", seq, help_request: HELP, call: call({ state: "in_call", mine, theirs }) });
  const lost = reduce(inCall, at("up", "lost", 4));
  assert.deepEqual(keys(inCall, lost), ["leg.theirs.named.lost"]);
  assert.deepEqual(keys(lost, reduce(lost, at("up", "up", 5))), ["leg.theirs.named.back"]);
  assert.deepEqual(keys(inCall, reduce(inCall, at("lost", "up", 4))), ["leg.mine.lost"]);
});

test("the end names who ended it", () => {
  const over = reduce(inCall, ended("volunteer_ended"));
  const [saying] = says(inCall, over);
  assert.equal(saying.key, "ended.requester.volunteer_ended.named");
  assert.equal(saying.params.name, "Noor");
});

test("a message about another request moves only the number", () => {
  const other = { type: "call.changed", seq: 4, help_request: "d".repeat(32), call: call() };
  assert.deepEqual(reduce(waiting, other).help, waiting.help);
  assert.equal(reduce(waiting, other).seq, 4);
});

test("the server's clock is known from every pulse", () => {
  const pulse = { type: "pulse", seq: 1, now_ms: 9_000 };
  assert.equal(reduce(waiting, pulse, 5_000).skew_ms, 4_000);
});

const changed = (seq, more) => ({ type: "help.changed", seq, help_request: help(more) });
const parked = reduce(waiting, changed(2, { state: "parked", asked: 2 }));
const confirming = reduce(parked, {
  type: "call.changed", seq: 3, help_request: HELP, call: call({ state: "confirming" }),
});

test("who wants to be called back sees that it waits, and the camera's page is gone", () => {
  assert.equal(view(parked), "parked");
  assert.deepEqual(keys(waiting, parked), ["parked"]);
  const question = reduce(waiting, changed(2, { state: "parked", question: true }));
  assert.deepEqual(keys(waiting, question), ["parked.question"]);
});

test("a question that reaches a call-back later is confirmed all the same, once", () => {
  const question = reduce(parked, changed(3, { state: "parked", question: true }));
  const [saying] = says(parked, question);
  assert.deepEqual([saying.key, saying.assertive], ["parked.question", true]);
  assert.deepEqual(keys(question, reduce(question, changed(4, { state: "parked", question: true }))), []);
});

test("while it is parked nobody is told of each phone that rings", () => {
  assert.deepEqual(keys(parked, reduce(parked, changed(3, { state: "parked", asked: 5 }))), []);
});

test("a volunteer who answers a call-back is announced, and the view stays until it is started", () => {
  assert.equal(view(confirming), "parked");
  assert.deepEqual(keys(parked, confirming), ["ready"]);
  const begun = reduce(confirming, {
    type: "call.changed", seq: 4, help_request: HELP, call: call({ state: "connecting" }),
  });
  assert.equal(view(begun), "call");
  assert.deepEqual(keys(confirming, begun), ["answered.named"]);
});

test("a line that opens for the first time is not back", () => {
  const at = (seq, more) =>
    ({ type: "call.changed", seq, help_request: HELP, call: call({ state: "connecting", ...more }) });
  const begun = reduce(confirming, at(4, { mine: "closed" }));
  assert.deepEqual(keys(begun, reduce(begun, at(5, { mine: "up" }))), []);
});

test("a call-back that was not started waits again, in words", () => {
  const again = reduce(confirming, changed(4, { state: "parked" }));
  assert.deepEqual(keys(confirming, again), ["not_started"]);
  assert.equal(view(again), "parked");
});

test("a call-back that is given up while it rings was no call", () => {
  const over = reduce(confirming, ended("requester_ended"));
  assert.equal(view(over), "start");
  assert.equal(over.ended.reason, "cancelled");
});

test("a house that forgot a call-back is asked for a call-back, and for a call once it began", () => {
  assert.equal(reduce(parked, requesterSnapshot({ run: "r2" })).want.later, true);
  const begun = reduce(confirming, {
    type: "call.changed", seq: 4, help_request: HELP, call: call({ state: "connecting" }),
  });
  assert.equal(begun.want.later, false);
});

test("something else than waiting is offered at once when nobody can be asked, else after 30 s", () => {
  assert.equal(mayChoose(help({ reachable: 0 }), 0), true);
  assert.equal(mayChoose(help(), 29_000), false);
  assert.equal(mayChoose(help({ state: "ringing" }), 30_000), true);
  assert.equal(mayChoose(help({ state: "parked", reachable: 0 }), 60_000), false);
});

test("nobody in the circle is not nobody at all", () => {
  const alone = reduce(NOTHING, changed(1, { reachable: 0, among: "circle" }));
  assert.deepEqual(keys(NOTHING, alone), ["nobody_free.circle"]);
});

test("a closed house says when it opens, and stays readable until somebody is there", () => {
  const asking = run([requesterSnapshot(), { type: "local.want", want: WANT }]);
  const text = "Help is there again on Monday at 08:00.";
  const closed = reduce(asking, { type: "refused", code: "closed", text, about: "help.ask" });
  assert.equal(view(closed), "start");
  assert.equal(closed.closed, text);
  const [saying] = says(asking, closed);
  assert.deepEqual([saying.key, saying.params.text], ["closed", text]);
  const later = reduce(closed, changed(1, { state: "parked" }));
  assert.equal(later.closed, text);
  const [promised] = says(closed, later);
  assert.deepEqual([promised.key, promised.params.text], ["parked.closed", text]);
  const there = { type: "call.changed", seq: 2, help_request: HELP, call: call({ state: "confirming" }) };
  assert.equal(reduce(later, there).closed, "");
});

test("the screen stays on for a call-back, not for a question that may wait for days", () => {
  assert.equal(needsScreen(NOTHING), false);
  assert.equal(needsScreen(parked), true);
  assert.equal(needsScreen(reduce(parked, changed(3, { state: "parked", question: true }))), false);
});

const ringing = (seq, asked, more) => changed(seq, { state: "ringing", asked, ...more });

test("each wave says how many phones ring because of it, and whoever wants less hears the first", () => {
  const first = reduce(waiting, ringing(2, 3));
  const [asked] = says(waiting, first);
  assert.deepEqual([asked.key, asked.params.n, asked.more ?? false, asked.tone], ["asked", 3, false, "ringing"]);
  const [more] = says(first, reduce(first, ringing(3, 5)));
  assert.deepEqual([more.key, more.params.n, more.more, more.tone], ["asked_more", 2, true, "ringing"]);
});

const others = (languages, id = HELP) => ({ type: "help.others", help_request: id, languages });
const alone = reduce(waiting, changed(2, { reachable: 0 }));

test("another language is offered once, and at once in words where nobody else can be asked", () => {
  const offered = reduce(alone, others(["da", "pl"]));
  const [saying] = says(alone, offered);
  assert.deepEqual([saying.key, saying.params.language, saying.more], ["may_also.only", "da", false]);
  assert.deepEqual(keys(offered, reduce(offered, others(["da"]))), []);
  const [softly] = says(waiting, reduce(waiting, others(["da"])));
  assert.deepEqual([softly.key, softly.more], ["may_also", true]);
  assert.equal(reduce(alone, others(["da"], "d".repeat(32))), alone);
  const over = reduce(alone, changed(3, { reachable: 0, handed: { call: CALL, why: "language", at_ms: 5 } }));
  const [back] = says(over, reduce(over, others(["en"])));
  assert.equal(back.key, "may_also.handed", "nobody need be free who speaks it");
});

test("a language that is asked in now is not offered any more, and the house is asked for it again", () => {
  const offered = reduce(alone, others(["da", "pl"]));
  const widened = reduce(offered, changed(3, { languages: ["en", "da"], reachable: 1 }));
  assert.deepEqual(widened.others, ["pl"]);
  const [saying, next] = says(offered, widened);
  assert.deepEqual([saying.key, saying.params.language, next], ["widened", "da", undefined]);
  assert.deepEqual(reduce(widened, requesterSnapshot({ run: "r2" })).want.languages, ["en", "da"]);
  assert.deepEqual(reduce(widened, ended("cancelled", null)).others, []);
});

const over = reduce(inCall, ended("requester_ended"), 50_000);
const again = run([{ type: "local.prepare" }, { type: "local.want", want: { ...WANT, again: CALL } }], over);
const NEXT = "e".repeat(32);
const asks = (seq, more) => ({ type: "help.changed", seq, help_request: help({ id: NEXT, ...more }) });

test("who was met can be called again for ten minutes, but not who was blocked", () => {
  assert.deepEqual(over.met, { call: CALL, peer: "Noor", until_ms: 650_000 });
  assert.equal(reduce(inCall, ended("requester_blocked"), 50_000).met, null);
  assert.equal(reduce(waiting, ended("cancelled", null), 50_000).met, null);
  assert.equal(again.met, over.met);
  // Called once more, and then blocked; also in the moment after they handed over.
  const talking = run([asks(5, { state: "in_call", call: call({ id: OTHER, state: "in_call" }) })], again);
  assert.equal(talking.met, over.met);
  for (const of of [OTHER, null]) {
    const blocked = { type: "help.ended", seq: 6, help_request: NEXT, call: of, reason: "requester_blocked" };
    assert.equal(reduce(talking, blocked, 60_000).met, null);
  }
});

test("calling somebody again says how it stands with that one", () => {
  const first = reduce(again, asks(5, { first_until_ms: 70_000 }));
  const [saying] = says(again, first);
  assert.deepEqual([saying.key, saying.params.name], ["again.asking", "Noor"]);
  const rung = reduce(first, asks(6, { first_until_ms: 70_000, state: "ringing", asked: 1 }));
  assert.deepEqual(keys(first, rung), ["again.rung"]);
  const declined = reduce(rung, asks(7, { asked: 1 }));
  assert.deepEqual(keys(rung, declined), ["again.others"]);
  assert.deepEqual(keys(declined, reduce(declined, asks(8, { state: "ringing", asked: 3 }))), ["asked_more"]);
});

test("somebody who cannot come is not waited for, and that is said", () => {
  assert.deepEqual(keys(again, reduce(again, asks(5))), ["again.others"]);
  const other = reduce(again, { type: "local.want", want: WANT });
  assert.deepEqual(keys(other, reduce(other, asks(5))), ["asking"]);
});
