import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff } from "../../frontend/js/net/backoff.js";
import { Socket } from "../../frontend/js/net/socket.js";

/** A clock that the test turns, and sockets that say what the test has them say. */
function world() {
  const timers = new Map();
  const opened = [];
  const links = [];
  const heard = [];
  let now = 0;
  let next = 1;
  const open = () => {
    const socket = {
      sent: [],
      send: (text) => socket.sent.push(JSON.parse(text)),
      close: () => (socket.closed = true),
    };
    opened.push(socket);
    return socket;
  };
  const later = (run, ms) => {
    timers.set(next, { run, at: now + ms });
    return next++;
  };
  const never = (timer) => timers.delete(timer);
  const turn = (ms) => {
    const until = now + ms;
    for (;;) {
      const due = [...timers].filter(([, t]) => t.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      timers.delete(due[0]);
      now = due[1].at;
      due[1].run();
    }
    now = until;
  };
  const socket = new Socket("ws://house/", {
    onMessage: (message) => heard.push(message.type),
    onLink: (up, final) => links.push(final ? "final" : up),
    isHidden: () => false, open, later, never, random: () => 0.5,
  });
  const say = (message) => opened.at(-1).onmessage({ data: JSON.stringify(message) });
  return { socket, opened, links, heard, turn, say };
}
const SNAPSHOT = { type: "snapshot.requester", seq: 0 };
const PULSE = { type: "pulse", seq: 0, now_ms: 0 };

test("the first try is at once, later ones anywhere below a bound that grows to 30 s", () => {
  assert.ok(backoff(0, () => 0.99) < 500);
  assert.equal(backoff(1, () => 1), 1_000);
  assert.equal(backoff(3, () => 1), 4_000);
  assert.equal(backoff(50, () => 1), 30_000);
  assert.equal(backoff(50, () => 0), 0);
});

test("the link is up with the first message, not with the open socket", () => {
  const { socket, say, links } = world();
  assert.equal(socket.send({ type: "snapshot.get" }), false);
  say(SNAPSHOT);
  assert.deepEqual(links, [true]);
  assert.equal(socket.send({ type: "snapshot.get" }), true);
});

test("a beat goes out each 5 s", () => {
  const { opened, say, turn } = world();
  say(SNAPSHOT);
  for (let beats = 1; beats <= 4; beats += 1) {
    assert.equal(opened[0].sent.filter((m) => m.type === "beat").length, beats);
    say(PULSE);
    turn(5_000);
  }
});

test("a socket that looks open and does not answer is replaced", () => {
  const { opened, links, say, turn } = world();
  say(SNAPSHOT);
  turn(5_000);
  assert.deepEqual(links, [true, false]);
  turn(200);
  assert.equal(opened.length, 2);
  assert.equal(opened[0].closed, true);
});

test("a house that never says anything is tried again and again, ever slower", () => {
  const { opened, turn } = world();
  turn(60_000);
  const first = opened.length;
  turn(60_000);
  assert.ok(first >= 3, `${first} tries in the first minute`);
  assert.ok(opened.length - first < first, "later tries are rarer");
});

test("a check on return asks at once, and does not wait for the back-off", () => {
  const { socket, opened, say, turn } = world();
  say(SNAPSHOT);
  say(PULSE);
  const before = opened[0].sent.length;
  socket.check();
  socket.check();
  const asked = opened[0].sent.slice(before).map((message) => message.type);
  assert.deepEqual(asked, ["beat", "snapshot.get"], "one question, however many reasons to ask");
  opened[0].onclose({ code: 1006 });
  socket.check();
  assert.equal(opened.length, 2);
  turn(1);
});

/** A link in doubt, and the socket that was opened beside it. */
function inDoubt() {
  const it = world();
  it.say(SNAPSHOT);
  it.say(PULSE);
  it.socket.check();
  it.turn(500);
  const [old, rival] = it.opened;
  const speak = (socket) => socket.onmessage?.({ data: JSON.stringify(SNAPSHOT) });
  return { ...it, old, rival, speak };
}

test("a socket that answers a check is kept, and nothing is opened beside it", () => {
  const { socket, opened, say, turn } = world();
  say(SNAPSHOT);
  socket.check();
  turn(400);
  say(SNAPSHOT);
  turn(2_000);
  assert.equal(opened.length, 1);
});

test("a question that is not answered puts the socket in doubt", () => {
  const { socket, opened, say, turn } = world();
  say(SNAPSHOT);
  socket.send({ type: "snapshot.get" });
  turn(400);
  say(PULSE);
  turn(1_000);
  assert.equal(opened.length, 1);
  socket.send({ type: "snapshot.get" });
  turn(500);
  assert.equal(opened.length, 2);
});

test("whoever speaks first stays: a new socket in the place of a dead one, without a lost link", () => {
  const { socket, old, rival, speak, links, heard, opened, turn, say } = inDoubt();
  assert.equal(old.closed, undefined, "the old one may still speak");
  speak(rival);
  assert.equal(old.closed, true);
  assert.equal(old.onmessage, null);
  assert.deepEqual(links, [true, true]);
  assert.deepEqual(heard, ["snapshot.requester", "pulse", "snapshot.requester"]);
  assert.equal(socket.send({ type: "calls.start" }), true);
  assert.deepEqual(rival.sent.map((message) => message.type), ["beat", "calls.start"]);
  say(PULSE);
  turn(4_900);
  assert.equal(opened.length, 2);
});

test("whoever speaks first stays: the old socket, although late", () => {
  const { old, rival, speak, links, opened, turn } = inDoubt();
  speak(old);
  assert.equal(rival.closed, true);
  assert.deepEqual(links, [true]);
  turn(4_000);
  assert.equal(opened.length, 2);
});

test("neither speaks: the link is lost, and both are closed", () => {
  const { old, rival, links, turn } = inDoubt();
  turn(4_500);
  assert.deepEqual(links, [true, false]);
  assert.deepEqual([old.closed, rival.closed], [true, true]);
});

test("a rival that is refused leaves the old socket its time", () => {
  const { old, rival, speak, links, socket, opened, turn } = inDoubt();
  rival.onclose({ code: 1006 });
  speak(old);
  assert.deepEqual(links, [true]);
  socket.check();
  turn(500);
  assert.equal(opened.length, 3, "and the next doubt may have its own");
});

test("who is signed out is not connected again", () => {
  const { opened, links, say, turn } = world();
  say(SNAPSHOT);
  opened[0].onclose({ code: 4403 });
  turn(120_000);
  assert.equal(opened.length, 1);
  assert.deepEqual(links, [true, "final"]);
});

test("what is no JSON is no message", () => {
  const { opened, heard, links } = world();
  opened[0].onmessage({ data: "<html>" });
  assert.deepEqual(heard, []);
  assert.deepEqual(links, []);
});
