import assert from "node:assert/strict";
import { test } from "node:test";

import { UNSAID, heard, readBetween, tidy } from "../../frontend/js/call/words_between.js";

test("each kind is read, and nothing but its own fields", () => {
  const kinds = [
    { t: "text", text: "Friday" },
    { t: "typing", text: "Fri" },
    { t: "typing", text: "" },
    { t: "quick", reply: "slower" },
    { t: "light", on: true },
    { t: "light.is", on: false, able: true },
    { t: "camera", paused: true },
    { t: "mic", muted: false },
    { t: "may", light: "allow", photo: "ask" },
    { t: "asked", control: "photo" },
    { t: "no", control: "light", why: "unanswered" },
    { t: "photo.please" },
    { t: "photo", id: 4_294_967_295, bytes: 12_000_000, width: 4000, height: 3000 },
    { t: "photo.got", id: 0, count: 3, again: true },
    { t: "photo.stop", id: 9 },
  ];
  for (const kind of kinds) {
    assert.deepEqual(readBetween(JSON.stringify({ ...kind, html: "<b>" })), kind);
  }
});

test("what a hostile page sends is dropped", () => {
  const bad = [
    "", "b", "null", "[]", "7", "{", '{"t":7}', '{"t":"toString"}', '{"t":"__proto__"}',
    '{"t":"text"}', '{"t":"typing"}', '{"t":"quick","reply":"shout"}', '{"t":"quick"}',
    JSON.stringify({ t: "typing", text: "x".repeat(1001) }), '{"t":"text","text":7}', '{"t":"text","text":"  "}', '{"t":"light","on":1}',
    '{"t":"light.is","on":true}', '{"t":"camera","paused":"yes"}', '{"t":"unknown"}',
    '{"t":"may","light":"allow"}', '{"t":"may","light":"toString","photo":"ask"}',
    '{"t":"asked","control":"constructor"}', '{"t":"no","control":"photo","why":"because"}',
    '{"t":"photo","id":1,"bytes":12000001,"width":1,"height":1}',
    '{"t":"photo","id":1,"bytes":0,"width":1,"height":1}',
    '{"t":"photo","id":-1,"bytes":9,"width":1,"height":1}',
    '{"t":"photo","id":1,"bytes":9,"width":1.5,"height":1}', '{"t":"photo.got","id":1,"count":"3"}',
    '{"t":"photo.stop"}', JSON.stringify({ t: "text", text: "x".repeat(1001) }), "x".repeat(5000),
  ];
  for (const data of bad) assert.equal(readBetween(data), null, data.slice(0, 40));
  assert.equal(readBetween(new ArrayBuffer(4)), null);
});

test("typed words lose what could hide or turn them", () => {
  assert.equal(tidy("a\u202eb\u0000c\nd"), "a b c d");
});

test("what the other page says of itself is remembered", () => {
  const light = heard(UNSAID, { t: "light.is", on: true, able: true });
  const paused = heard(light, { t: "camera", paused: true });
  assert.deepEqual(paused, { ...UNSAID, light: true, able: true, paused: true });
  assert.equal(heard(UNSAID, { t: "may", light: "allow", photo: "ask" }).may.photo, "ask");
  assert.equal(heard(paused, { t: "text", text: "hi" }), paused);
});
