import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_BYTES, PIECE_BYTES } from "../../frontend/js/call/photo.js";
import { PhotoReceiver } from "../../frontend/js/call/photo_receiver.js";
import { PhotoSender } from "../../frontend/js/call/photo_sender.js";
import { readBetween } from "../../frontend/js/call/words_between.js";

const HEAD = [0xff, 0xd8, 0xff, 0xc0, 0, 17, 8];

/** A file that says it is a JPEG of this size; only a browser could look further. */
function jpeg(width, height, length = 40_000) {
  const bytes = new Uint8Array(length).map((_, at) => at % 251);
  bytes.set([...HEAD, height >> 8, height & 255, width >> 8, width & 255]);
  return { bytes: bytes.buffer, width, height };
}

/** Two pages, and all that they say to each other; `lose` takes a message away. */
function pages({ lose = () => false, canShow = true } = {}) {
  const told = { requester: [], volunteer: [], shown: [], said: [] };
  const across = (to) => (message) => {
    told.said.push(message.t);
    if (!lose(message)) queueMicrotask(() => to(readBetween(JSON.stringify(message))));
    return true;
  };
  const sender = new PhotoSender({
    say: across((message) => {
      if (message.t === "photo") receiver.comes(message);
      if (message.t === "photo.stop") receiver.stopped(message.id);
    }),
    give: (piece) => {
      if (!lose({ t: "piece" })) queueMicrotask(() => receiver.take(piece));
      return true;
    },
    unsent: () => 0,
    onProgress: (share) => told.requester.push(share),
    onDone: (arrived) => told.requester.push(arrived),
  });
  const receiver = new PhotoReceiver({
    say: across((message) => {
      if (message.t === "photo.got") sender.got(message);
      if (message.t === "photo.stop") sender.stopped(message.id);
    }),
    onProgress: (share) => told.volunteer.push(share),
    onPhoto: async (photo) => canShow && told.shown.push(photo) > 0,
    onDone: (arrived) => told.volunteer.push(arrived),
    later: () => 0,
  });
  return { sender, receiver, told };
}

/** Until both have been told how it ended. */
async function end(told, ms = 2_000) {
  for (let round = 0; round < ms / 10; round += 1) {
    if ([told.requester, told.volunteer].every((each) => typeof each.at(-1) === "boolean")) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  assert.fail(`it never ended: ${JSON.stringify(told)}`);
}

test("a photo that was asked for arrives as it left, and both are told", async () => {
  const { sender, receiver, told } = pages();
  const still = jpeg(4000, 3000, 100_000);
  assert.ok(receiver.ask());
  sender.begin(still);
  await end(told);
  assert.deepEqual([told.requester.at(-1), told.volunteer.at(-1)], [true, true]);
  const [photo] = told.shown;
  assert.equal(photo.type, "image/jpeg");
  assert.deepEqual(new Uint8Array(await photo.arrayBuffer()), new Uint8Array(still.bytes));
  assert.ok(!sender.busy && !receiver.busy);
});

test("a photo that nobody asked for is refused, whatever is sent of it", async () => {
  const { sender, receiver, told } = pages();
  sender.begin(jpeg(640, 480));
  for (let round = 0; sender.busy && round < 100; round += 1) await new Promise((done) => setTimeout(done, 10));
  assert.equal(told.requester.at(-1), false);
  assert.deepEqual(told.shown, []);
  assert.ok(!receiver.busy);
});

test("what is no photograph, or one too large to look at, is not shown", async () => {
  for (const still of [{ ...jpeg(640, 480), bytes: new ArrayBuffer(30_000) }, { ...jpeg(65_000, 65_000), width: 9, height: 9 }]) {
    const { sender, receiver, told } = pages();
    receiver.ask();
    sender.begin(still);
    await end(told);
    assert.deepEqual([told.requester.at(-1), told.volunteer.at(-1)], [false, false]);
    assert.deepEqual(told.shown, []);
  }
});

test("one that the browser cannot read has not arrived", async () => {
  const { sender, receiver, told } = pages({ canShow: false });
  receiver.ask();
  sender.begin(jpeg(640, 480));
  await end(told);
  assert.deepEqual([told.requester.at(-1), told.volunteer.at(-1)], [false, false]);
});

test("a second one at the same time is refused, and the first arrives", async () => {
  const { sender, receiver, told } = pages();
  receiver.ask();
  assert.equal(receiver.ask(), false);
  sender.begin(jpeg(640, 480, 200_000));
  await Promise.resolve();
  receiver.comes({ t: "photo", id: 1, bytes: MOST_BYTES, width: 9, height: 9 });
  await end(told);
  assert.equal(told.shown.length, 1);
});

test("a new connection of the receiver's brings back what the old one lost", async () => {
  let lost = 0;
  const { sender, receiver, told } = pages({ lose: ({ t }) => t === "piece" && lost++ === 1 });
  receiver.ask();
  sender.begin(jpeg(640, 480, 5 * PIECE_BYTES));
  await new Promise((done) => setTimeout(done, 30));
  receiver.reopened();
  await end(told);
  assert.equal(told.volunteer.at(-1), true);
});

test("acknowledgements that were lost, and the word that the line is back, hold nothing up", async () => {
  let lost = 0;
  const { sender, receiver, told } = pages({ lose: ({ t }) => t === "photo.got" && lost++ < 3 });
  receiver.ask();
  sender.begin(jpeg(640, 480, 5 * PIECE_BYTES));
  await new Promise((done) => setTimeout(done, 50));
  receiver.reopened(); // said while the other page was not there yet
  sender.reopened();
  await end(told, 5_000);
  assert.equal(told.volunteer.at(-1), true);
});

test("a phone that was loaded anew in the middle has nothing more to send, and says so", async () => {
  const { sender, receiver, told } = pages();
  receiver.ask();
  sender.begin(jpeg(640, 480, 400_000));
  await new Promise((done) => setTimeout(done, 20));
  sender.clear(); // what a new page knows
  receiver.introduced();
  for (let round = 0; receiver.busy && round < 100; round += 1) await new Promise((done) => setTimeout(done, 10));
  assert.equal(told.volunteer.at(-1), false);
  assert.ok(!receiver.busy);
});

test("who stops in the middle tells the other, and the end of a call forgets without a word", async () => {
  const stopped = pages();
  stopped.receiver.ask();
  stopped.sender.begin(jpeg(640, 480, 400_000));
  await new Promise((done) => setTimeout(done, 20));
  stopped.sender.giveUp();
  await end(stopped.told);
  assert.deepEqual([stopped.told.requester.at(-1), stopped.told.volunteer.at(-1)], [false, false]);

  const over = pages();
  over.receiver.ask();
  over.sender.begin(jpeg(640, 480, 400_000));
  await new Promise((done) => setTimeout(done, 20));
  const before = over.told.said.length;
  over.sender.clear();
  over.receiver.clear();
  assert.equal(over.told.said.length, before);
  assert.deepEqual([over.told.requester.at(-1), over.told.volunteer.at(-1)], [null, null]);
});
