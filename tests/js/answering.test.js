import assert from "node:assert/strict";
import { test } from "node:test";

import { Answering } from "../../frontend/js/call/answering.js";
import { createStore } from "../../frontend/js/state/store.js";
import { NOTHING, reduce } from "../../frontend/js/state/volunteer.js";
import { CALL, HELP, OFFER, call, offer, volunteerSnapshot } from "./facts.js";

const leg = { heard: () => undefined, truth: () => undefined };
const snapshot = (more = {}) =>
  volunteerSnapshot({ state: "ringing", taking: true, reach: "push", offer: offer(), ...more });

/** A page that was opened by a push, with what it says to the house. */
function page(rests = false) {
  const sent = [];
  const said = [];
  const joined = [];
  const store = createStore((state, message) => reduce(state, message, 5000), NOTHING);
  const answering = new Answering({
    store, rests, send: ({ type, call }) => sent.push(call ? `${type} ${call}` : type) > 0, tell: ({ key }) => said.push(key),
    side: { meeting: { leg }, strain: { heard: () => undefined }, join: (id, met) => joined.push([id, met]), leave: () => undefined, hush: () => undefined },
    mark: { set: () => undefined, has: () => true }, hold: () => undefined,
    promise: () => said.push("promise"),
  });
  const hears = (message) => {
    store.dispatch(message);
    answering.heard(message);
  };
  return { store, answering, sent, said, joined, hears };
}

test("whoever accepted on the notification says so first, and once", () => {
  const { answering, sent, hears } = page();
  answering.tapped({ offer: OFFER, accept: true });
  hears(snapshot());
  assert.deepEqual(sent, ["snapshot.get", "offer.accept", "calls.start"]);
  answering.shown(offer());
  assert.equal(sent.length, 3, "what was accepted is not merely shown");
});

test("what was accepted on the notification does not ring again on the page, unless that came to nothing", () => {
  const { answering, store, hears } = page();
  answering.tapped({ offer: OFFER, accept: true });
  assert.equal(answering.took(offer()), true, "before the house was asked");
  hears(snapshot());
  assert.equal(answering.took(offer()), true, "while it is being asked");
  assert.equal(answering.took(offer({ id: "d".repeat(32) })), false);
  store.dispatch({ type: "refused", code: "try_again", text: "", about: "offer.accept" });
  assert.equal(answering.took(offer()), false, "the ring is theirs to answer again");
  answering.tapped({ offer: OFFER, accept: false });
  assert.equal(answering.took(offer()), false);
});

test("a fresh link hears the accept again, for the first may have died with the old one", () => {
  const { answering, sent, hears } = page();
  answering.tapped({ offer: OFFER, accept: true });
  hears(snapshot());
  hears(snapshot({ reach: "page" }));
  assert.deepEqual(sent.filter((type) => type === "offer.accept").length, 2);
});

test("a second tap on what is accepted keeps nobody from saying it on a fresh link", () => {
  const { answering, sent, hears } = page();
  for (const _ of [1, 2]) {
    answering.tapped({ offer: OFFER, accept: true });
    hears(snapshot({ reach: "page" }));
  }
  assert.deepEqual(sent.filter((type) => type === "offer.accept").length, 2);
});

test("a tap beside the buttons opens the ring, and accepts nothing", () => {
  const { answering, sent, said, hears } = page();
  answering.tapped({ offer: OFFER, accept: false });
  hears(snapshot());
  answering.shown(offer());
  assert.deepEqual(sent, ["snapshot.get", "calls.start", "offer.shown"]);
  assert.deepEqual(said, []);
});

test("a ring that is over by then is told, and nothing is accepted", () => {
  const { answering, sent, said, hears } = page();
  answering.tapped({ offer: OFFER, accept: true });
  hears(snapshot({ state: "available", offer: null }));
  assert.deepEqual(said, ["ring.over"]);
  assert.equal(sent.includes("offer.accept"), false);
});

test("answering the questions ends a pause that was only for them, and no other", () => {
  for (const [rests, expected] of [[false, ["calls.start"]], [true, []]]) {
    const { answering, sent, hears } = page(rests);
    hears(snapshot({ state: "wrapping_up", offer: null, reach: "page" }));
    answering.done();
    assert.deepEqual(sent, expected);
    answering.ready();
    assert.equal(sent.at(-1), "calls.start");
  }
});

test("whoever ended a call before they met may answer the same person once more", () => {
  const { answering, store, sent, joined, hears } = page();
  const meets = (id) => {
    hears(snapshot({ state: "in_call", reach: "page", offer: null, help_request: HELP, call: call({ id }) }));
    answering.follow({ ...NOTHING }, store.get());
  };
  meets(CALL);
  answering.end("call.end");
  answering.follow({ ...NOTHING }, store.get());
  assert.equal(joined.length, 1, "they are leaving it");
  meets("d".repeat(32));
  assert.deepEqual(joined, [[HELP, true], [HELP, true]]);
  assert.deepEqual(sent, [`call.end ${CALL}`], "the new one is not ended by what was said of the first");
});

test("a block that was pressed without a link is heard by the next one, whoever has hung up by then", () => {
  for (const [type, heard] of [["call.block", [`call.block ${CALL}`]], ["call.end", []]]) {
    const { answering, sent, hears } = page();
    hears(snapshot({ state: "in_call", reach: "page", offer: null, help_request: HELP, call: call() }));
    answering.end(type);
    sent.length = 0;
    hears(snapshot({ state: "available", reach: "page", offer: null }));
    assert.deepEqual(sent, heard);
  }
});

test("whoever has not promised yet is told, and led to where they can", () => {
  for (const about of ["calls.start", "offer.accept"]) {
    const { store, said, hears } = page();
    hears(snapshot());
    store.dispatch({ type: "local.accept", offer: OFFER });
    hears({ type: "refused", code: "promise_needed", text: "", about });
    assert.deepEqual(said, ["promise"]);
    assert.equal(store.get().trouble, "promise_needed");
  }
  const { said, hears } = page();
  hears({ type: "refused", code: "suspended", text: "", about: "calls.start" });
  assert.deepEqual(said, []);
  // A page in a call says by itself that it is there; nobody is left alone for the answer.
  const talking = page();
  talking.hears(snapshot({ state: "in_call", taking: true, reach: "push", offer: null, help_request: HELP, call: call() }));
  assert.deepEqual(talking.sent, ["calls.start"]);
  talking.hears({ type: "refused", code: "promise_needed", text: "", about: "calls.start" });
  assert.deepEqual(talking.said, []);
});
