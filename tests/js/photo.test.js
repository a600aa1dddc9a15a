import assert from "node:assert/strict";
import { test } from "node:test";

import { sizeOfJpeg } from "../../frontend/js/call/jpeg.js";
import { Arriving, PIECE_BYTES, Sending, piecesOf, readPiece } from "../../frontend/js/call/photo.js";

const ID = 7;
const bytesOf = (length) => Uint8Array.from({ length }, (_, at) => (at * 31) % 251).buffer;
const same = (left, right) => assert.deepEqual(new Uint8Array(left), new Uint8Array(right));

/** Every piece that may leave by then, the clock going a millisecond at a time. */
function leave(sending, from_ms, until_ms) {
  const left = [];
  for (let now_ms = from_ms; now_ms <= until_ms; now_ms += 1) {
    for (let piece = sending.next(now_ms); piece; piece = sending.next(now_ms)) left.push(piece);
  }
  return left;
}

/** Both ends of a way that takes `delay_ms`, and loses what `lost` names. */
function carry(bytes, { delay_ms = 20, lost = () => false, until_ms = 60_000 } = {}) {
  const sending = new Sending(ID, bytes, 0);
  const arriving = new Arriving(ID, bytes.byteLength);
  const way = [];
  let sent = 0;
  for (let now_ms = 0; now_ms < until_ms && !sending.done; now_ms += 1) {
    for (let piece = sending.next(now_ms); piece; piece = sending.next(now_ms)) {
      if (!lost(sent++, now_ms)) way.push([now_ms + delay_ms, "piece", piece]);
    }
    for (let at = 0; at < way.length; at += 1) {
      const [due_ms, kind, what] = way[at];
      if (due_ms > now_ms) continue;
      way.splice(at--, 1);
      if (kind === "got") sending.acknowledged(what.count, what.again, now_ms);
      const is = kind === "piece" ? arriving.take(readPiece(what)) : "old";
      if (kind === "piece" && is !== "ahead" && is !== "bad" && !lost(-1, now_ms)) {
        way.push([now_ms + delay_ms, "got", { count: arriving.got, again: is === "again" }]);
      }
    }
  }
  return { sending, arriving, sent };
}

test("a photograph arrives as it left", () => {
  const bytes = bytesOf(100_000);
  const { sending, arriving, sent } = carry(bytes);
  assert.ok(sending.done && arriving.done);
  assert.equal(sent, piecesOf(100_000));
  same(arriving.bytes, bytes);
});

test("what a connection lost when it was replaced is sent again, in order", () => {
  const bytes = bytesOf(300_000);
  const { arriving } = carry(bytes, { lost: (at) => at >= 5 && at < 9 });
  assert.ok(arriving.done);
  same(arriving.bytes, bytes);
});

test("pieces and acknowledgements that were lost together are made up for by themselves", () => {
  const bytes = bytesOf(1_000_000);
  for (const from_ms of [90, 100, 110, 120, 130, 200, 300, 400]) {
    const { sending, arriving } = carry(bytes, { lost: (_, now_ms) => now_ms > from_ms && now_ms < 2_000 });
    assert.ok(sending.done && arriving.done, `lost from ${from_ms} ms on: ${sending.got} of ${sending.count}`);
    same(arriving.bytes, bytes);
  }
});

test("an acknowledgement that was lost is said again when the piece comes again", () => {
  const arriving = new Arriving(ID, 3 * PIECE_BYTES);
  const sending = new Sending(ID, bytesOf(3 * PIECE_BYTES), 0);
  const [first, second] = leave(sending, 0, 100).map(readPiece);
  assert.deepEqual([arriving.take(first), arriving.take(second)], ["next", "next"]);
  sending.back(100);
  assert.equal(arriving.take(readPiece(leave(sending, 100, 200)[0])), "old");
});

test("a sender whose own connection is a new one goes back to what was acknowledged", () => {
  const sending = new Sending(ID, bytesOf(200_000), 0);
  const first = leave(sending, 0, 100);
  assert.equal(first.length, 2);
  sending.acknowledged(1, false, 100);
  sending.back(100);
  const [again] = leave(sending, 100, 200);
  assert.equal(readPiece(again).index, 1);
});

test("no more than 8 Mbit/s leave, also after a pause", () => {
  const sending = new Sending(ID, bytesOf(4_000_000), 0);
  let bytes = 0;
  for (let now_ms = 0; now_ms < 2_000; now_ms += 1) {
    if (now_ms > 500 && now_ms < 900) continue; // a page that was hidden
    for (let piece = sending.next(now_ms); piece; piece = sending.next(now_ms)) {
      bytes += piece.byteLength;
      sending.acknowledged(readPiece(piece).index + 1, false, now_ms);
    }
  }
  assert.ok(bytes <= 1_650_000 + 2 * PIECE_BYTES, `${bytes} left`);
  assert.ok(bytes > 1_500_000, `only ${bytes} left`);
});

/** How long what is typed would wait behind the pieces, at most, on a line of so many kbit/s. */
function behind(kbit_s, bytes) {
  const sending = new Sending(ID, new ArrayBuffer(bytes), 0);
  const way = [];
  let [free_ms, most_ms, now_ms] = [0, 0, 0];
  for (; now_ms < 300_000 && !sending.done; now_ms += 1) {
    for (let piece = sending.next(now_ms); piece; piece = sending.next(now_ms)) {
      free_ms = Math.max(free_ms, now_ms) + (piece.byteLength * 8) / kbit_s;
      most_ms = Math.max(most_ms, free_ms - now_ms);
      way.push([free_ms + 80, readPiece(piece).index + 1]);
    }
    while (way[0]?.[0] <= now_ms) sending.acknowledged(way.shift()[1], false, now_ms);
  }
  return { most_ms, share: (bytes * 8) / kbit_s / now_ms };
}

test("on a narrow line voice and words need not wait, and the line is used all the same", () => {
  for (const [kbit_s, most_ms] of [[300, 1_500], [1_000, 700], [4_000, 500]]) {
    const found = behind(kbit_s, kbit_s * 2_500); // twenty seconds' worth
    assert.ok(found.most_ms < most_ms, `${kbit_s} kbit/s: ${found.most_ms} ms behind`);
    assert.ok(found.share > 0.8, `${kbit_s} kbit/s: only ${found.share} of it used`);
  }
});

test("a busy phone, which hears nothing for a moment each second, is not slowed to a crawl", () => {
  const sending = new Sending(ID, bytesOf(4_000_000), 0);
  const way = [];
  let now_ms = 0;
  for (; now_ms < 60_000 && !sending.done; now_ms += 1) {
    const busy = now_ms % 1_000 < 300;
    for (let piece = busy ? null : sending.next(now_ms); piece; piece = sending.next(now_ms)) {
      way.push([now_ms + 150, readPiece(piece).index + 1]);
    }
    while (!busy && way[0]?.[0] <= now_ms) sending.acknowledged(way.shift()[1], false, now_ms);
  }
  assert.ok(now_ms < 7_500, `it took ${now_ms} ms`);
});

test("the fewer come through in time, the fewer run ahead", () => {
  const ahead = (took_ms) => {
    const sending = new Sending(ID, bytesOf(8_000_000), 0);
    let now_ms = 0;
    let count = 0;
    for (let round = 0; round < 60; round += 1) {
      count += leave(sending, now_ms, now_ms + 30).length;
      now_ms += 30 + took_ms(round);
      sending.acknowledged(count, false, now_ms);
    }
    return leave(sending, now_ms, now_ms + 2_000).length;
  };
  assert.equal(ahead((round) => (round ? 900 : 20)), 1);
  assert.ok(ahead(() => 20) > 16);
});

test("a sender whose pieces nobody acknowledges gives up", () => {
  const sending = new Sending(ID, bytesOf(100_000), 0);
  leave(sending, 0, 1_000);
  assert.equal(sending.stalled(59_000), false);
  assert.equal(sending.stalled(61_000), true);
});

test("an acknowledgement of what was never sent changes nothing", () => {
  const sending = new Sending(ID, bytesOf(100_000), 0);
  sending.acknowledged(5, false, 0);
  assert.equal(sending.got, 0);
});

test("what a hostile page sends in place of a piece is bad, old or none at all", () => {
  const arriving = new Arriving(ID, 40_000);
  const body = (length) => new Uint8Array(length);
  assert.equal(arriving.take({ index: 0, body: body(9) }), "bad");
  assert.equal(arriving.take({ index: 1, body: body(9) }), "again");
  assert.equal(arriving.take({ index: 2 ** 32 - 1, body: body(9) }), "ahead");
  for (const data of [null, "text", new ArrayBuffer(8), new ArrayBuffer(PIECE_BYTES + 1)]) {
    assert.equal(readPiece(data), null);
  }
  const { arriving: whole } = carry(bytesOf(20_000));
  assert.equal(whole.take({ index: 2, body: body(100) }), "bad");
  assert.equal(whole.take({ index: 0, body: body(100) }), "old");
});

test("the size of a JPEG is read from its head, and what is none has no size", () => {
  const head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 2, 208, 5, 0, 3, 1];
  assert.deepEqual(sizeOfJpeg(Uint8Array.from(head)), { width: 1280, height: 720 });
  const none = [
    [], [0xff], [0xff, 0xd8], [0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4, 5, 6, 7, 8],
    [0xff, 0xd8, 0xff, 0xda, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 2, 208, 5, 0],
    [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 1, 2, 3, 4, 5, 6], head.slice(0, 14),
  ];
  for (const bytes of none) assert.equal(sizeOfJpeg(Uint8Array.from(bytes)), null);
});
