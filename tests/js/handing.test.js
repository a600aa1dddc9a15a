import assert from "node:assert/strict";
import { test } from "node:test";

import { Consent } from "../../frontend/js/call/consent.js";
import { handed } from "../../frontend/js/call/handed.js";
import { Handing } from "../../frontend/js/call/handing.js";
import { readBetween } from "../../frontend/js/call/words_between.js";
import { USUAL } from "../../frontend/js/state/mine.js";
import { HELP } from "./facts.js";

const GO = { why: "must_go", what: "", note: "We read the letter to page 2.", stop: false };
const DANISH = { why: "language", what: "da", note: "", stop: false };
const OVER = { type: "call.hand_over", help_request: HELP, language: null, topic: null };

/** Both pages of a Call, the house, and what is heard; `line`: does the channel between them carry? */
function pages({ line = true, linked = true, answers = true } = {}) {
  const told = { house: [], volunteer: [], requester: [], asked: [], notes: [] };
  const timers = { volunteer: [], requester: [] };
  const across = (to) => (message) => {
    if (line) queueMicrotask(() => to(readBetween(JSON.stringify(message))));
    return line;
  };
  const handing = new Handing({
    say: across((message) => answers && handed(message, theirs)),
    send: (message) => linked && told.house.push(message) > 0,
    tell: ({ key }) => told.volunteer.push(key),
    later: (run, ms) => timers.volunteer.push([run, ms]),
  });
  const consent = new Consent({
    may: () => USUAL.may,
    onQuestion: (control, about) => control && told.asked.push([control, about]),
    later: (run, ms) => timers.requester.push([run, ms]),
  });
  const theirs = {
    consent, say: across((message) => handing.heard(message)),
    tell: ({ key }) => told.requester.push(key), keep: (note) => told.notes.push(note),
  };
  return { handing, consent, told, timers };
}

/** What both have said to each other by now has arrived. */
const settled = () => new Promise((done) => setTimeout(done));

test("whoever must go goes at once, and the note is with the other page before", async () => {
  const { handing, told } = pages();
  handing.begin(HELP, GO);
  assert.deepEqual(told.house, []);
  await settled();
  assert.deepEqual(told.house, [OVER]);
  assert.deepEqual([told.notes, told.asked, told.volunteer], [[GO.note], [], []]);
});

test("what one Volunteer tells the next never goes by the house", async () => {
  const { handing, told } = pages();
  handing.begin(HELP, GO);
  await settled();
  assert.ok(!JSON.stringify(told.house).includes("letter"));
});

test("whoever wants no more calls says so before they go", async () => {
  const { handing, told } = pages();
  handing.begin(HELP, { ...GO, stop: true });
  await settled();
  assert.deepEqual(told.house, [{ type: "calls.stop" }, OVER]);
});

test("who must go goes although the other page does not answer", async () => {
  const { handing, told, timers } = pages({ answers: false });
  handing.begin(HELP, GO);
  await settled();
  assert.deepEqual(told.house, []);
  const [[run, ms]] = timers.volunteer;
  assert.equal(ms, 2_000);
  run();
  assert.deepEqual([told.house, told.volunteer], [[OVER], ["handing.note_lost"]]);
});

test("with a lost line who must go goes at once, and of another language nobody can be asked", () => {
  const lost = pages({ line: false });
  lost.handing.begin(HELP, DANISH);
  assert.deepEqual([lost.told.house, lost.told.volunteer], [[], ["handing.unheard"]]);
  lost.handing.begin(HELP, GO);
  assert.deepEqual([lost.told.house, lost.told.volunteer.at(-1)], [[OVER], "handing.note_lost"]);
});

test("somebody who speaks another language is looked for once the person says yes", async () => {
  const { handing, consent, told } = pages();
  handing.begin(HELP, DANISH);
  await settled();
  assert.deepEqual([told.asked, told.house], [[["hand", { language: "da" }]], []]);
  consent.answer(true);
  await settled();
  assert.deepEqual(told.house, [{ ...OVER, language: "da" }]);
});

test("who would rather stay stays, and is not asked again at once", async () => {
  const { handing, consent, told } = pages();
  handing.begin(HELP, { ...DANISH, why: "topic", what: "cooking" });
  await settled();
  consent.answer(false);
  await settled();
  handing.begin(HELP, DANISH);
  await settled();
  assert.deepEqual([told.house, told.notes, told.volunteer], [[], [], []]);
  assert.deepEqual(told.asked, [["hand", { topic: "cooking" }]]);
});

test("no answer is a no, and both are told", async () => {
  const { handing, told, timers } = pages();
  handing.begin(HELP, DANISH);
  await settled();
  timers.requester[0][0]();
  await settled();
  assert.deepEqual([told.house, told.requester], [[], ["consent.unanswered"]]);
});

test("one question is asked at a time, and who must go need not wait for it", async () => {
  const { handing, consent, told } = pages();
  handing.begin(HELP, DANISH);
  handing.begin(HELP, { ...DANISH, what: "fi" });
  await settled();
  assert.deepEqual([told.asked.length, told.volunteer], [1, ["asked.hand"]]);
  handing.begin(HELP, GO);
  await settled();
  consent.answer(true); // the question still stood there
  await settled();
  assert.deepEqual(told.house, [OVER]);
});

test("no answer of theirs holds back who must go", async () => {
  const { handing, told, timers } = pages({ answers: false });
  handing.begin(HELP, GO);
  handing.heard({ t: "no", control: "hand", why: "refused" });
  const [[run]] = timers.volunteer;
  run();
  assert.deepEqual(told.house, [OVER]);
});

test("after the call no answer hands anybody over", async () => {
  const { handing, consent, told } = pages();
  handing.begin(HELP, DANISH);
  await settled();
  handing.clear();
  consent.answer(true);
  await settled();
  assert.deepEqual(told.house, []);
});

test("without a link nothing is handed over, and that is said", async () => {
  const { handing, told } = pages({ linked: false });
  handing.begin(HELP, GO);
  await settled();
  assert.deepEqual(told.volunteer, ["link.none"]);
});
