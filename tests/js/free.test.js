import assert from "node:assert/strict";
import { test } from "node:test";

import { Answering } from "../../frontend/js/call/answering.js";
import { createStore } from "../../frontend/js/state/store.js";
import { NOTHING, reduce } from "../../frontend/js/state/volunteer.js";
import { createWords } from "../../frontend/js/ui/words.js";
import { CALL, HELP, call, volunteerSnapshot } from "./facts.js";

const OTHER_HELP = "d".repeat(32);
const GO = { why: "must_go", what: "", note: "", stop: false };
const SENTENCES = {
  "free.none": "Nobody else.", "free.unspoken": "Nobody who speaks {language}.", "free.unfit": "Nobody of this.",
  "free.many": "Many others.", "free.others.one": "{n} other.", "free.others.other": "{n} others.",
};

/** A Volunteer's page in a call, with what it asks the house and what each line of the form says. */
function page({ linked = true, words = createWords(SENTENCES, "en") } = {}) {
  const asked = [];
  const lines = [];
  const store = createStore((state, message) => reduce(state, message, 5000), NOTHING);
  const meeting = { leg: { heard: () => undefined, truth: () => undefined } };
  const side = { meeting, strain: { heard: () => undefined } };
  const send = (message) => linked && asked.push(message) > 0;
  const answering = new Answering({ store, side, send, tell: (saying) => lines.push(saying), rests: false });
  answering.free.onLine = (line) => lines.push(line && words(line.key, line.params));
  const hears = (message) => (store.dispatch(message), answering.heard(message));
  hears(volunteerSnapshot({ state: "in_call", help_request: HELP, call: call({ state: "in_call" }) }));
  const answers = (free, fit = free, more = {}) =>
    hears({ type: "call.free", help_request: HELP, language: null, topic: null, free, fit, ...more });
  return { think: (wish) => answering.free.think(wish), asked, lines, hears, answers };
}

const speaks = (what) => ({ ...GO, why: "language", what });
const knows = (what) => ({ ...GO, why: "topic", what });

test("whoever opens the form learns whether anybody else is free", () => {
  const { think, asked, lines, answers } = page();
  think(GO);
  assert.deepEqual(asked, [{ type: "free.get", help_request: HELP, language: null, topic: null }]);
  for (const [free, line] of [[0, "Nobody else."], [1, "1 other."], [2, "2 others."], [9, "9 others."], [10, "Many others."]]) {
    answers(free);
    assert.equal(lines.at(-1), line);
  }
});

test("each language has its own forms for how many", () => {
  const forms = { one: "{n} inna", few: "{n} inne", many: "{n} innych" };
  const table = Object.fromEntries(Object.entries(forms).map(([form, text]) => [`free.others.${form}`, text]));
  const { think, lines, answers } = page({ words: createWords(table, "pl") });
  think(GO);
  for (const free of [1, 3, 5]) answers(free);
  assert.deepEqual(lines.slice(1), ["1 inna", "3 inne", "5 innych"]);
});

test("what is chosen is asked of, once it is chosen", () => {
  const { think, asked, lines } = page();
  think(speaks(""));
  think(knows(""));
  assert.deepEqual(asked, [], "there is nothing to ask yet");
  think(speaks("da"));
  think(knows("reading"));
  assert.deepEqual(asked.map(({ language, topic }) => [language, topic]), [["da", null], [null, "reading"]]);
  assert.ok(lines.every((line) => line === null), "nothing is said before the answer");
});

test("nobody of this language is not nobody at all, and of a topic others would be asked", () => {
  const { think, lines, answers } = page();
  think(speaks("da"));
  answers(0, 0, { language: "da" });
  think(knows("reading"));
  answers(3, 0, { topic: "reading" });
  answers(3, 2, { topic: "reading" });
  answers(0, 0, { topic: "reading" });
  const said = lines.filter(Boolean);
  assert.deepEqual(said, ["Nobody who speaks da.", "Nobody of this.", "2 others.", "Nobody else."]);
});

test("a late answer to an earlier choice says nothing of a newer one", () => {
  const { think, lines, answers } = page();
  think(GO);
  think(speaks("da"));
  answers(5);
  answers(5, 5, { language: "fi" });
  answers(5, 5, { topic: "reading" });
  answers(5, 5, { language: "da", help_request: OTHER_HELP });
  assert.deepEqual(lines.filter(Boolean), []);
  answers(1, 1, { language: "da" });
  think(knows("reading"));
  answers(5);
  assert.deepEqual(lines.filter(Boolean), ["1 other."]);
});

test("a new choice clears the line, and the same one again neither clears nor asks", () => {
  const { think, asked, lines, answers } = page();
  think(GO);
  answers(2);
  think({ ...GO, note: "We read page 2.", stop: true });
  assert.deepEqual([asked.length, lines], [1, [null, "2 others."]]);
  think(speaks(""));
  assert.deepEqual(lines.at(-1), null);
});

test("once the form is closed, or the call over, no answer says anything", () => {
  const { think, lines, hears, answers } = page();
  think(GO);
  think(null);
  answers(2);
  think(GO);
  const over = { call: CALL, reason: "requester_ended", seq: 1, state: "wrapping_up", taking: true, away: null };
  hears({ type: "call.ended", ...over });
  answers(2);
  assert.deepEqual(lines.filter(Boolean), []);
});

test("without a link, or refused, the line stays empty and nothing is said of it", () => {
  const lost = page({ linked: false });
  lost.think(GO);
  lost.answers(2);
  const refused = page();
  refused.think(GO);
  for (const code of ["unknown_id", "try_again", "too_often"]) {
    refused.hears({ type: "refused", code, text: "Sorry.", about: "free.get" });
  }
  assert.deepEqual([lost.lines, refused.lines], [[null], [null]]);
});
