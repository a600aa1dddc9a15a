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
    { t: "zoom", times: 1.5 },
    { t: "zoom.is", times: 1, most: 8 },
    { t: "lens" },
    { t: "lens.is", of: 3 },
    { t: "may", light: "allow", zoom: "never", lens: "allow", photo: "ask" },
    { t: "asked", control: "photo" },
    { t: "no", control: "light", why: "unanswered" },
    { t: "asked", control: "hand" },
    { t: "hand", why: "must_go", what: "", note: "" },
    { t: "hand", why: "language", what: "da", note: "They like to hear every word." },
    { t: "hand", why: "topic", what: "cooking", note: "" },
    { t: "hand.yes" },
    { t: "note", text: "Page 2." },
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
    '{"t":"may","light":"allow","photo":"ask"}',
    '{"t":"may","light":"toString","zoom":"ask","lens":"ask","photo":"ask"}',
    '{"t":"zoom","times":0.5}', '{"t":"zoom","times":"2"}', '{"t":"zoom","times":1e9}',
    '{"t":"zoom.is","times":2}', '{"t":"lens.is","of":-1}', '{"t":"lens.is","of":1.5}',
    '{"t":"hand"}', '{"t":"hand","why":"must_go","what":"da","note":""}',
    '{"t":"hand","why":"constructor","what":"","note":""}', '{"t":"hand","why":"language","what":"Danish","note":""}',
    '{"t":"hand","why":"topic","what":"gossip","note":""}', '{"t":"hand","why":["must_go"],"what":"","note":""}',
    JSON.stringify({ t: "hand", why: "must_go", what: "", note: "x".repeat(201) }),
    '{"t":"note","text":" "}', '{"t":"note","from":"Noor"}',
    JSON.stringify({ t: "note", text: "x".repeat(201) }),
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
  const may = { light: "allow", zoom: "never", lens: "ask", photo: "ask" };
  assert.deepEqual(heard(UNSAID, { t: "may", ...may }).may, may);
  assert.equal(heard(UNSAID, { t: "zoom.is", times: 2, most: 4 }).times, 2);
  assert.equal(heard(UNSAID, { t: "lens.is", of: 2 }).lenses, 2);
  assert.equal(heard(paused, { t: "text", text: "hi" }), paused);
});
