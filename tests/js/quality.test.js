import assert from "node:assert/strict";
import { test } from "node:test";

import { countsOf, qualityOf } from "../../frontend/js/call/quality.js";

const NOTHING = {
  sent_kbit_s: 0, received_kbit_s: 0, lost_share: 0, round_trip_ms: null,
  width: 0, height: 0, frames_s: 0, freezes: 0,
};
const requester = (sent, received, lost) => [
  { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
  { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.0456 },
  { type: "outbound-rtp", kind: "audio", bytesSent: 1_000 },
  { type: "outbound-rtp", kind: "video", bytesSent: sent, frameWidth: 1280, frameHeight: 720, framesPerSecond: 24 },
  { type: "inbound-rtp", kind: "audio", bytesReceived: 2_000, packetsReceived: received, packetsLost: lost },
];

test("a report tells of the time since the one before, and of the picture as it is", () => {
  const quality = qualityOf(
    countsOf(requester(0, 100, 1), 10_000), countsOf(requester(625_000, 195, 6), 15_000),
  );
  assert.deepEqual(quality, {
    ...NOTHING, sent_kbit_s: 1000, lost_share: 0.05, round_trip_ms: 46, width: 1280, height: 720, frames_s: 24,
  });
});

test("the other side tells what it received, and how often the picture stood still", () => {
  const volunteer = (bytes, freezes) => [
    { type: "inbound-rtp", kind: "video", bytesReceived: bytes, packetsReceived: 9, packetsLost: 0,
      frameWidth: 640, frameHeight: 360, framesPerSecond: 19.6, freezeCount: freezes },
  ];
  const quality = qualityOf(countsOf(volunteer(0, 2), 0), countsOf(volunteer(125_000, 5), 5_000));
  assert.deepEqual(quality, {
    ...NOTHING, received_kbit_s: 200, width: 640, height: 360, frames_s: 20, freezes: 3,
  });
});

test("a browser that counts nothing, and one whose counts go back, make no odd figures", () => {
  assert.deepEqual(qualityOf(countsOf([], 0), countsOf([{ type: "inbound-rtp" }], 0)), NOTHING);
  const back = qualityOf(countsOf(requester(9_000, 50, 9), 0), countsOf(requester(0, 40, 3), 5_000));
  assert.deepEqual([back.sent_kbit_s, back.lost_share], [0, 0]);
});
