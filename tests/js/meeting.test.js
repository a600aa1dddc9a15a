import assert from "node:assert/strict";
import { test } from "node:test";

import { OPEN, SHUT } from "../../frontend/js/call/gate.js";
import { Meeting } from "../../frontend/js/call/meeting.js";
import { HELP } from "./facts.js";

/** A browser's connection, as far as a page with camera and microphone asks anything of it. */
class Connection {
  signalingState = "stable";
  transceivers = ["audio", "video"].map(transceiver);
  createDataChannel = () => (this.channel = { readyState: "open", send() {} });
  setRemoteDescription = async () => undefined;
  setLocalDescription = async () => undefined;
  localDescription = { sdp: "answer" };
  getTransceivers = () => this.transceivers;
  getSenders = () => this.transceivers.map((each) => each.sender);
  close = () => (this.signalingState = "closed");
  get active() {
    return this.getSenders().map((each) => each.encoding.active);
  }
}

function transceiver(kind) {
  const sender = {
    encoding: { active: true },
    getParameters: () => ({ encodings: [{ ...sender.encoding }] }),
    setParameters: async ({ encodings }) => void (sender.encoding = encodings[0]),
    replaceTrack: async (track) => void (sender.track = track),
  };
  return { sender, receiver: { track: { kind } } };
}

/** Asked for help, the connection stands, nobody has accepted. */
async function waiting() {
  globalThis.setInterval = () => 0; // nothing here is looked at again and again
  const connections = [];
  globalThis.RTCPeerConnection = class extends Connection {
    constructor() {
      super();
      connections.push(this);
    }
  };
  const sent = [];
  const send = (message) => sent.push(message) > 0;
  const nothing = () => undefined;
  const parts = { onTrack: nothing, onBetween: nothing, onPiece: nothing, onOpen: nothing };
  const meeting = new Meeting({ send, ...parts });
  meeting.tracks = { camera: { kind: "video" }, microphone: { kind: "audio" } };
  meeting.be(HELP, false);
  const described = { help_request: HELP, number: 1, description: "v=0", ice_servers: [], renew_ms: 0 };
  meeting.leg.heard({ type: "leg.description", ...described });
  for (let looks = 0; looks < 50 && sent.at(-1).type !== "leg.answer"; looks++) await settled();
  assert.equal(sent.at(-1).type, "leg.answer");
  const [connection] = connections;
  const says = async (data) => {
    connection.channel.onmessage({ data });
    await settled();
  };
  return { meeting, connection, says };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("camera and microphone start when the relay opens its gate, before the house has told", async () => {
  const { meeting, connection, says } = await waiting();
  assert.deepEqual(connection.active, [false, false]);
  await says(OPEN);
  assert.deepEqual(connection.active, [true, true]);
  meeting.be(HELP, false); // the page is drawn anew meanwhile
  await settled();
  assert.deepEqual(connection.active, [true, true]);
  meeting.be(HELP, true);
  await says(SHUT); // the Volunteer's page is reloaded
  assert.deepEqual(connection.active, [true, true]);
  meeting.be(HELP, false); // a hand-over
  await settled();
  assert.deepEqual(connection.active, [false, false]);
  meeting.be(null, false);
});

test("a gate that shuts before the house has told of anything stops both again", async () => {
  const { meeting, connection, says } = await waiting();
  await says(OPEN);
  assert.deepEqual(connection.active, [true, true]);
  await says(SHUT);
  assert.deepEqual(connection.active, [false, false]);
  meeting.be(null, false);
});
