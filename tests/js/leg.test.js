import assert from "node:assert/strict";
import { test } from "node:test";

import { Leg } from "../../frontend/js/call/leg.js";
import { HELP } from "./facts.js";

const BROKEN = [{ urls: ["nonsense"], username: "", credential: "" }];

/** A relay and a browser that do what the test says, on a clock that it turns. */
function world() {
  const timers = new Map();
  const sent = [];
  const lines = [];
  const gaps = [];
  let now = 0;
  let next = 1;
  const leg = new Leg({
    send: (message) => sent.push(message) > 0,
    connect: (onState, iceServers) => {
      if (iceServers === BROKEN) throw new Error("no such server");
      const line = {
        onState,
        iceServers,
        answer: async () => "answer",
        renew: (fresh) => (line.iceServers = fresh),
        arrived: async () => (line.bytes += line.alive ? line.brings : 0),
        bytes: 0,
        brings: 1_000,
        alive: true,
        close: () => (line.closed = true),
      };
      lines.push(line);
      return line;
    },
    later: (run, ms) => (timers.set(next, { run, at: now + ms }), next++),
    never: (timer) => timers.delete(timer),
    random: () => 0.5,
  });
  leg.onGap = (gap) => gaps.push(gap);
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
  /** As `turn`, with time for what is looked at along the way. */
  const pass = async (ms) => {
    for (let passed = 0; passed < ms; passed += 100) {
      turn(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const describe = async (number, turn = {}) => {
    const servers = { ice_servers: [], renew_ms: 0, ...turn };
    leg.heard({ type: "leg.description", help_request: HELP, number, description: "v=0", ...servers });
    await new Promise((resolve) => setImmediate(resolve));
  };
  const opens = () => sent.filter((message) => message.type === "leg.open").length;
  return { leg, sent, lines, gaps, turn, pass, describe, opens };
}

async function upAndRunning() {
  const it = world();
  it.leg.want(HELP);
  await it.describe(1);
  it.lines[0].onState("connected");
  return it;
}

test("the relay describes, the page answers with the same number", async () => {
  const { leg, sent, describe } = world();
  leg.want(HELP);
  await describe(7);
  assert.deepEqual(sent, [
    { type: "leg.open", help_request: HELP },
    { type: "leg.answer", help_request: HELP, number: 7, description: "answer" },
  ]);
});

test("wanting the same again asks for nothing, and accepting does not ask twice", async () => {
  const { leg, opens } = world();
  leg.want(HELP);
  leg.want(HELP);
  leg.hurry();
  assert.equal(opens(), 1);
});

test("a description for someone else's request is not answered", async () => {
  const { leg, sent } = world();
  leg.want(HELP);
  leg.heard({ type: "leg.description", help_request: "f".repeat(32), number: 1, description: "v=0" });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(sent.length, 1);
});

test("a failed line is replaced, a blip is not", async () => {
  const { lines, turn, opens } = await upAndRunning();
  lines[0].onState("disconnected");
  turn(500);
  lines[0].onState("connected");
  turn(5_000);
  assert.equal(opens(), 1);
  lines[0].onState("failed");
  turn(500);
  assert.equal(opens(), 2);
});

test("a line that stays away for more than a second is replaced, and the old one closed", async () => {
  const { lines, turn, describe, opens } = await upAndRunning();
  lines[0].onState("disconnected");
  turn(2_000);
  assert.equal(opens(), 2);
  await describe(2);
  assert.equal(lines[0].closed, true);
  lines[0].onState("failed");
  turn(100);
  assert.equal(opens(), 2, "what the old line says no longer counts");
});

test("what the relay noticed first is acted upon, unless it passes", async () => {
  const { leg, turn, opens } = await upAndRunning();
  leg.truth("lost");
  turn(1_000);
  leg.truth("up");
  turn(5_000);
  assert.equal(opens(), 1);
  leg.truth("closed");
  turn(500);
  assert.equal(opens(), 2);
});

test("no room while it only rings: accepting asks at once", async () => {
  const { leg, turn, opens } = world();
  leg.want(HELP);
  for (let tries = 0; tries < 6; tries += 1) {
    leg.heard({ type: "refused", code: "busy", text: "", about: "leg.open" });
    turn(8_000);
  }
  leg.heard({ type: "refused", code: "busy", text: "", about: "leg.open" });
  const before = opens();
  leg.hurry();
  assert.equal(opens(), before + 1);
});

test("a house that does not answer is asked again", () => {
  const { leg, turn, opens } = world();
  leg.want(HELP);
  turn(10_000);
  assert.ok(opens() >= 2);
});

test("an ask that was overtaken is refused without harm", async () => {
  const { leg, turn, describe, opens } = world();
  leg.want(HELP);
  await describe(2);
  leg.heard({ type: "refused", code: "try_again", text: "", about: "leg.open" });
  turn(5_000);
  assert.equal(opens(), 1);
});

test("who no longer wants it hangs up and asks for nothing more", async () => {
  const { leg, lines, turn, opens } = await upAndRunning();
  leg.want(null);
  assert.equal(lines[0].closed, true);
  turn(60_000);
  assert.equal(opens(), 1);
});

const turn = (username) => [{ urls: ["turn:turn.example.org"], username, credential: "c" }];
const renewals = (sent) => sent.filter((message) => message.type === "leg.renew").length;

test("credentials for a TURN server are renewed for as long as the line lives", async () => {
  const it = world();
  it.leg.want(HELP);
  await it.describe(1, { ice_servers: turn("first"), renew_ms: 200_000 });
  it.lines[0].onState("connected");
  assert.deepEqual(it.lines[0].iceServers, turn("first"));
  it.turn(199_000);
  assert.equal(renewals(it.sent), 0);
  it.turn(1_000);
  assert.deepEqual(it.sent.at(-1), { type: "leg.renew", help_request: HELP });
  it.leg.heard({ type: "leg.servers", help_request: HELP, ice_servers: turn("second") });
  assert.deepEqual(it.lines[0].iceServers, turn("second"));
  it.turn(400_000);
  assert.equal(renewals(it.sent), 3, "also when an answer is lost");
  it.leg.want(null);
  it.turn(2_000_000);
  assert.equal(renewals(it.sent), 3, "and no longer than that");
});

test("credentials for another request are not taken, and a house without TURN is asked for none", async () => {
  const it = await upAndRunning();
  it.leg.heard({ type: "leg.servers", help_request: "f".repeat(32), ice_servers: turn("other") });
  assert.deepEqual(it.lines[0].iceServers, []);
  it.turn(2_000_000);
  assert.equal(renewals(it.sent), 0);
});

test("a line that is replaced is renewed once, not twice", async () => {
  const it = world();
  it.leg.want(HELP);
  for (const number of [1, 2]) {
    await it.describe(number, { ice_servers: turn("first"), renew_ms: 200_000 });
    it.lines.at(-1).onState("connected");
  }
  it.turn(200_000);
  assert.equal(renewals(it.sent), 1);
});

test("a line on which nothing arrives for more than a second is replaced", async () => {
  const { lines, pass, describe, opens } = await upAndRunning();
  await pass(10_000);
  assert.equal(opens(), 1);
  lines[0].alive = false;
  await pass(1_100);
  assert.equal(opens(), 1);
  await pass(800);
  assert.equal(opens(), 2);
  await describe(2);
  assert.equal(lines[0].closed, true);
});

test("a pause of most of a second is borne, but the socket is asked whether it lives", async () => {
  const { lines, sent, pass, opens } = await upAndRunning();
  await pass(1_000);
  for (let pauses = 1; pauses <= 5; pauses += 1) {
    lines[0].alive = false;
    await pass(800);
    lines[0].alive = true;
    await pass(800);
    assert.equal(sent.filter((message) => message.type === "snapshot.get").length, pauses);
  }
  assert.equal(opens(), 1);
});

test("after a change of network less than half a second of silence is enough", async () => {
  const { leg, lines, pass, opens } = await upAndRunning();
  leg.heard({ type: "link.doubt" });
  await pass(600);
  assert.equal(opens(), 1, "the line was not touched by it");
  lines[0].alive = false;
  await pass(1_000);
  assert.equal(opens(), 1, "what was good after it is trusted again");
  lines[0].alive = true;
  await pass(600);
  lines[0].alive = false;
  leg.heard({ type: "link.doubt" });
  leg.heard({ type: "link.doubt" });
  await pass(700);
  assert.equal(opens(), 2);
});

test("the few bytes that came before it died do not make a line with media a quiet one", async () => {
  const { lines, pass, opens } = await upAndRunning();
  await pass(2_000);
  lines[0].brings = 50;
  await pass(400);
  lines[0].alive = false;
  await pass(1_700);
  assert.equal(opens(), 2);
});

test("a line without media may be silent for longer, because acknowledgements get lost", async () => {
  const { lines, sent, pass, opens } = await upAndRunning();
  lines[0].brings = 100;
  await pass(2_000);
  lines[0].alive = false;
  await pass(1_000);
  assert.equal(sent.filter((message) => message.type === "snapshot.get").length, 0);
  await pass(2_000);
  assert.equal(opens(), 1);
  assert.equal(sent.filter((message) => message.type === "snapshot.get").length, 1);
  await pass(1_500);
  assert.equal(opens(), 2);
});

test("a browser that does not count what arrives is not taken for silent", async () => {
  const { lines, pass, opens } = await upAndRunning();
  lines[0].bytes = NaN;
  await pass(10_000);
  assert.equal(opens(), 1);
});

test("what went into a dead socket is said again on the next one", async () => {
  const { leg, lines, describe, opens } = await upAndRunning();
  leg.heard({ type: "link.fresh" });
  assert.equal(opens(), 1, "with a line that is up there is nothing to say");
  leg.renew();
  leg.heard({ type: "link.fresh" });
  assert.equal(opens(), 3, "the question");
  await describe(3);
  leg.heard({ type: "link.fresh" });
  assert.equal(opens(), 4, "the answer: begin anew");
  await describe(4);
  lines.at(-1).onState("connected");
  leg.heard({ type: "link.fresh" });
  assert.equal(opens(), 4);
});

test("an ask that is refused while the old line is still there is made again", async () => {
  const { leg, lines, turn, opens } = await upAndRunning();
  lines[0].onState("failed");
  turn(200);
  assert.equal(opens(), 2);
  leg.heard({ type: "refused", code: "no_relay", text: "", about: "leg.open" });
  turn(1_000);
  assert.equal(opens(), 3);
});

test("a gap is told once it has lasted for half a second, and that it is over", async () => {
  const { lines, turn, describe, gaps } = await upAndRunning();
  lines[0].onState("failed");
  turn(450);
  assert.deepEqual(gaps, []);
  turn(100);
  assert.deepEqual(gaps, [true]);
  turn(20_000);
  await describe(2);
  assert.deepEqual(gaps, [true]);
  lines[1].onState("connected");
  assert.deepEqual(gaps, [true, false]);
});

test("a line that is quickly replaced is no gap, and who leaves misses nothing", async () => {
  const { leg, lines, turn, describe, gaps } = await upAndRunning();
  leg.renew();
  await describe(2);
  turn(300);
  lines[1].onState("connected");
  turn(5_000);
  leg.want(null);
  turn(5_000);
  assert.deepEqual(gaps, []);
});

test("a line that comes back by itself while the next try rests is kept", async () => {
  const { lines, turn, opens } = await upAndRunning();
  lines[0].onState("disconnected");
  turn(1_050);
  lines[0].onState("connected");
  turn(5_000);
  assert.equal(opens(), 1);
});

test("a browser that notices late does not put the next try off", async () => {
  const { lines, turn, opens } = await upAndRunning();
  lines[0].onState("failed");
  lines[0].onState("disconnected");
  turn(150);
  assert.equal(opens(), 2);
});

test("a browser that cannot even begin is tried again", async () => {
  const { leg, describe, turn, opens } = world();
  leg.want(HELP);
  await describe(1, { ice_servers: BROKEN });
  turn(2_000);
  assert.equal(opens(), 2);
});
