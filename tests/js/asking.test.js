import assert from "node:assert/strict";
import { test } from "node:test";

import { Asking } from "../../frontend/js/call/asking.js";
import { NOTHING, reduce } from "../../frontend/js/state/requester.js";
import { CALL, HELP, call, help, requesterSnapshot } from "./facts.js";

const TOMORROW = "Help is there again tomorrow.";

const SIDE = { close: () => undefined, prepares: () => "prepare" };

/** A page with real state, and a house that only listens. */
function page(more = {}) {
  let state = { ...NOTHING, linked: true };
  const dispatch = (message) => void (state = reduce(state, message, 5000));
  const sent = [];
  const parts = {
    store: { get: () => state, dispatch },
    send: (message) => sent.push(message) > 0,
    receipts: { read: () => null, forget: () => undefined },
    side: SIDE,
    wishes: () => ({ among: "circle_first", topic: null }),
    closed: async () => "", isCircleEmpty: async () => false,
    tell: () => undefined, hold: () => undefined, languages: ["en"], me: () => ({ name: null, braille: false }), ...more,
  };
  return { asking: new Asking(parts), sent, get: parts.store.get, dispatch };
}

test("a page that is older than the hour learns that the house has closed before it promises", async () => {
  const { asking, sent, get } = page({ closed: async () => TOMORROW });
  await asking.park();
  assert.equal(get().closed, TOMORROW);
  assert.deepEqual(sent.map((message) => [message.type, message.later]), [["help.ask", true]]);
});

test("and that it has opened", async () => {
  const { asking, get, dispatch } = page();
  dispatch({ type: "local.closed", text: TOMORROW });
  await asking.park();
  assert.equal(get().closed, "");
});

test("a new call begins with no receipt that another page left; a page asks again with its own", async () => {
  for (const [mine, receipt] of [[true, "signed"], [false, null]]) {
    const receipts = { read: () => ({ help_request: HELP, receipt: "signed" }), forget: () => undefined };
    const { asking, sent } = page({ receipts, mark: { has: (id) => mine && id === HELP } });
    await asking.park();
    assert.deepEqual(sent.map((message) => message.receipt), [receipt]);
  }
});

test("who cancels while the page looks at the hours is not called back", async () => {
  const { asking, sent, dispatch } = page();
  dispatch({ type: "help.changed", seq: 1, help_request: help() });
  const parked = asking.park();
  dispatch({ type: "help.ended", seq: 2, help_request: HELP, call: null, reason: "cancelled" });
  await parked;
  assert.deepEqual(sent, []);
});

const onlyTheCircle = {
  wishes: () => ({ among: "circle", topic: null }),
  isCircleEmpty: async () => true,
};

test("who asks an empty circle alone is told so, and neither waits nor shows a camera", async () => {
  const { asking, sent, get } = page(onlyTheCircle);
  await asking.begin();
  assert.equal(get().trouble, "circle_empty");
  await asking.park("Which of the two?");
  assert.equal(get().want, null);
  assert.deepEqual(sent, []);
});

test("an empty circle keeps nobody from being called back by anyone", async () => {
  const { asking, sent } = page({ ...onlyTheCircle, wishes: () => ({ among: "circle_first", topic: null }) });
  await asking.park();
  assert.deepEqual(sent.map((message) => message.type), ["help.ask"]);
});

test("a link that was lost is news to whoever asks; that of a page which has just come is not, at first", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const told = async (link) => {
    const keys = [];
    const { asking, dispatch } = page({ tell: (saying) => keys.push(saying.key) });
    for (const message of link) dispatch(message);
    await asking.park();
    t.mock.timers.tick(1);
    const soon = [...keys];
    t.mock.timers.tick(4_000);
    return [soon, keys];
  };
  const down = { type: "local.link", up: false };
  const been = { type: "snapshot.requester", seq: 1, run: "r", now_ms: 0, help_request: null };
  assert.deepEqual(await told([]), [[], []]);
  assert.deepEqual(await told([down]), [[], ["link.none"]]);
  assert.deepEqual(await told([been, down]), [["link.none"], ["link.none"]]);
});

test("when all lines are in use the person is told once, and only for their own connection", () => {
  const told = [];
  const side = { meeting: { leg: { heard: () => undefined } }, close: () => undefined };
  const { asking, dispatch } = page({ tell: (saying) => told.push(saying.key), side });
  dispatch({ type: "help.changed", seq: 1, help_request: help() });
  const refused = (about) => asking.heard({ type: "refused", code: "no_relay", text: "", about });
  refused("help.park");
  assert.deepEqual(told, ["trouble.no_relay"]);
  refused("leg.open");
  refused("leg.open");
  assert.deepEqual(told, ["trouble.no_relay", "lines.busy"]);
});

test("what somebody who accepted waits for is begun before anything is drawn, and only then", async () => {
  const begun = [];
  const meeting = { be: (...all) => begun.push(all), leg: { truth: () => undefined } };
  const opened = { camera: {}, microphone: {}, camera_trouble: null, microphone_trouble: null };
  const side = { ...SIDE, open: async () => opened, meeting };
  const { asking, get, dispatch } = page({ side });
  const accepted = () =>
    dispatch({ type: "help.changed", seq: 2, help_request: help({ state: "in_call", call: call() }) });
  accepted();
  asking.meet(get());
  assert.deepEqual(begun, [], "no camera yet: nothing may be begun");
  dispatch({ type: "help.ended", seq: 3, help_request: HELP, call: null, reason: "cancelled" });
  dispatch({ type: "local.back" });

  await asking.begin();
  dispatch({ type: "help.changed", seq: 4, help_request: help() });
  begun.length = 0;
  asking.meet(get());
  assert.deepEqual(begun, [], "nobody has accepted");
  accepted();
  asking.meet(get());
  assert.deepEqual(begun, [[HELP, true]]);
  dispatch({ type: "local.elsewhere", elsewhere: true });
  asking.meet(get());
  asking.follow(get());
  assert.deepEqual(begun.slice(1), [[null, false]], "another page has the call");
  dispatch({ type: "local.elsewhere", elsewhere: false });
  asking.meet(get());
  assert.equal(begun.length, 2, "the camera was given back and is not open yet");
});

for (const [online, after] of /** @type {const} */ ([[true, []], [false, ["close", "end.unsent"]]])) {
  test(`whoever ends and blocks is heard and seen no more before the house is told (${online})`, () => {
    const order = [];
    const { asking, dispatch } = page({
      side: { hush: () => order.push("hush"), close: () => order.push("close") },
      send: (message) => (order.push(message.type, message.call), online),
      tell: ({ key }) => order.push(key),
    });
    dispatch({ type: "help.changed", seq: 1, help_request: help({ state: "in_call", call: call() }) });
    asking.end("call.block");
    assert.deepEqual(order, ["hush", "call.block", CALL, ...after]);
  });
}

for (const leaves of /** @type {const} */ (["end", "block", "cancel"])) {
  test(`whoever left while the house could not hear it calls nobody when the link is back (${leaves})`, async () => {
    const receipts = { read: () => null, forget: () => undefined, keep: () => undefined };
    const meeting = { be: () => undefined, leg: { heard: () => undefined } };
    const side = { ...SIDE, hush: () => undefined, open: async () => ({ camera: {}, microphone: {} }), meeting };
    const { asking, sent, get, dispatch } = page({ receipts, side });
    await asking.begin();
    const state = leaves === "cancel" ? {} : { state: "in_call", call: call() };
    dispatch({ type: "help.changed", seq: 1, help_request: help(state) });
    if (leaves === "cancel") asking.cancel();
    else asking.end(`call.${leaves}`);
    const before = sent.length;
    // What they said was lost with the link, and the other one was gone meanwhile, or all is forgotten.
    const back = requesterSnapshot({ seq: 2 });
    dispatch(back);
    asking.heard(back);
    const said = sent.slice(before).map(({ type, call: of }) => [type, of]);
    assert.deepEqual(said, leaves === "block" ? [["call.block", CALL]] : [], "a block holds all the same");
    assert.deepEqual([get().want, get().ended?.reason], [null, "unknown"]);
  });
}

test("whoever cancelled into a link that was dying is heard by the next one", async () => {
  const { asking, sent, dispatch } = page({ side: { ...SIDE, meeting: { leg: { heard: () => undefined } } } });
  await asking.park();
  dispatch({ type: "help.changed", seq: 1, help_request: help() });
  asking.cancel();
  const back = requesterSnapshot({ seq: 1, help_request: help() });
  dispatch(back);
  asking.heard(back);
  assert.deepEqual(sent.map(({ type }) => type), ["help.ask", "help.cancel", "help.cancel"]);
});
