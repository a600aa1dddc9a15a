import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Answering } from "../../frontend/js/call/answering.js";
import { Practice } from "../../frontend/js/call/practice.js";
import { HELP, OFFER, call, help, offer, requesterSnapshot } from "./facts.js";

/** A socket that the house would be at the other end of. */
class Wire {
  static last = null;
  said = [];
  constructor(url) {
    this.url = url;
    Wire.last = this;
  }
  send(text) {
    this.said.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  hear(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  get types() {
    return this.said.map(({ type }) => type).filter((type) => type !== "beat");
  }
}

let log;
const device = (name) => ({ open: () => log.push(`${name} opens`), close: () => log.push(`${name} closes`) });
const side = {
  meeting: { leg: { heard: () => undefined, truth: (state) => log.push(`leg ${state}`) } },
  be: (id, met) => log.push(`with ${id === HELP}, ${met ? "met" : "rung"}`),
  leave: () => log.push("leaves"),
};
const made = [];
const practice = () => {
  made.push(new Practice({
    camera: device("camera"), voice: device("voice"), language: "da", side: () => side,
    onRefused: (text) => log.push(`refused: ${text}`), onOver: (had_met) => log.push(`over, met: ${had_met}`),
  }));
  return made.at(-1);
};
// A socket that is left open beats, and a test that failed would never end.
afterEach(() => made.splice(0).forEach((each) => each.leave()));
const CLOSED = ["leaves", "voice closes", "camera closes"];

beforeEach(() => {
  log = [];
  globalThis.WebSocket = Wire;
  globalThis.document = { visibilityState: "visible" };
  globalThis.location = { protocol: "http:", host: "house" };
});

test("a practice asks once, shows its picture after Accept alone, and leaves nothing open", () => {
  const it = practice();
  it.begin();
  it.begin();
  const wire = Wire.last;
  assert.equal(wire.url, "ws://house/ws/practice/");
  wire.hear(requesterSnapshot());
  wire.hear(requesterSnapshot());
  assert.deepEqual(wire.types, ["help.ask"]);
  wire.hear({ type: "help.changed", seq: 1, help_request: help({ state: "ringing" }) });
  wire.hear({ type: "call.changed", seq: 2, help_request: HELP, call: call({ state: "in_call", mine: "up" }) });
  assert.equal(it.going, true);
  wire.hear({ type: "help.ended", seq: 3, help_request: HELP, call: null, reason: "volunteer_ended" });
  assert.deepEqual(log, [
    "camera opens", "voice opens", "with true, rung", "with true, met", "leg up", ...CLOSED, "over, met: true",
  ]);
  assert.equal(it.going, false);
  assert.equal(wire.closed, true);
});

test("one that nobody accepts is over without having met, and can begin anew", () => {
  const it = practice();
  it.begin();
  Wire.last.hear(requesterSnapshot({ help_request: help({ state: "ringing" }) }));
  Wire.last.hear({ type: "help.ended", seq: 1, help_request: HELP, call: null, reason: "volunteer_lost" });
  assert.equal(log.at(-1), "over, met: false");
  const before = Wire.last;
  it.begin();
  assert.notEqual(Wire.last, before);
  it.leave();
});

test("a house that says no is heard in its own words", () => {
  const it = practice();
  it.begin();
  Wire.last.hear(requesterSnapshot());
  Wire.last.hear({ type: "refused", code: "no_relay", text: "Later, please.", about: "help.ask" });
  assert.deepEqual(log.slice(2), [...CLOSED, "refused: Later, please."]);
  assert.equal(it.going, false);
});

test("whoever leaves while it rings takes the ring back", () => {
  const it = practice();
  it.begin();
  Wire.last.hear(requesterSnapshot({ help_request: help({ state: "ringing" }) }));
  it.leave();
  assert.deepEqual(Wire.last.types, ["help.cancel"]);
  assert.deepEqual(log.slice(-3), CLOSED);
});

/** A page that holds the call; `accepted`: it took it itself, and was not loaded since. */
function answering(accepted) {
  const sent = [];
  const state = { taking: false, help_request: HELP, call: call(), accepting: null };
  const page = new Answering({
    store: { get: () => state, dispatch: () => undefined },
    side: {
      hush: () => undefined, leave: () => undefined, join: () => undefined,
      meeting: { leg: { truth: () => undefined } },
    },
    send: (message) => sent.push(message.type), tell: () => undefined, hold: () => undefined,
    mark: { set: () => undefined, has: () => true }, rests: undefined,
  });
  if (accepted) page.accept(offer({ id: OFFER, practice: true }));
  return { page, sent, state };
}

test("a page that was loaded anew ends its practice: whom it played is gone; a real call it takes up", () => {
  const now = (practice) => ({ call: call({ practice }), help_request: HELP, elsewhere: false });
  const loaded = answering(false);
  loaded.page.follow({}, now(true));
  assert.deepEqual(loaded.sent, ["call.end"]);
  const real = answering(false);
  real.page.follow({}, now(false));
  assert.deepEqual(real.sent, []);
  const played = answering(true);
  played.page.follow({}, now(true));
  assert.deepEqual(played.sent, ["offer.accept"]);
});
