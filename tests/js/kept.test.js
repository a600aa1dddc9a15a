import assert from "node:assert/strict";
import { test } from "node:test";

import { USUAL, createMine } from "../../frontend/js/state/mine.js";
import { createKept } from "../../frontend/js/ui/kept.js";

const memory = () => {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
};

/** A house that keeps one document, and counts the time by what it was told. */
function house(account = "a") {
  const it = { account, chosen: null, at_ms: 0, posts: 0 };
  it.ask = async (_address, how = {}) => {
    if (how.method !== "POST") return { ok: true, json: async () => ({ ...it }) };
    [it.chosen, it.at_ms, it.posts] = [JSON.parse(how.body), it.at_ms + 1, it.posts + 1];
    return { ok: true, json: async () => ({ at_ms: it.at_ms }) };
  };
  return it;
}

function device(there) {
  const own = memory();
  const mine = createMine(own);
  return { mine, kept: createKept(mine, own, there.ask) };
}

test("what one device chose is there on the next, and only then is it news", async () => {
  const there = house();
  const [phone, tablet] = [device(there), device(there)];
  phone.mine.change({ braille: true, lens: "wide" });
  assert.equal(await phone.kept.look(), false);
  assert.deepEqual(["lens", "tips"].filter((own) => own in there.chosen), []);
  tablet.mine.change({ lens: "own" });
  assert.equal(await tablet.kept.look(), true);
  assert.deepEqual([tablet.mine.get().braille, tablet.mine.get().lens], [true, "own"]);
  assert.equal(await tablet.kept.look(), false);
});

test("the newest win in both directions", async () => {
  const there = house();
  const [phone, tablet] = [device(there), device(there)];
  await phone.kept.look();
  await tablet.kept.look();
  tablet.mine.change({ volume: 10 });
  await tablet.kept.save();
  assert.equal(await phone.kept.look(), true);
  assert.equal(phone.mine.get().volume, 10);
  phone.mine.change({ volume: 90 }); // without a network
  await phone.kept.look();
  assert.equal(there.chosen.volume, 90);
});

test("another account's settings are not overwritten by what this device had before", async () => {
  const [one, other] = [house("a"), house("b")];
  other.chosen = { ...USUAL, size: 200 };
  other.at_ms = 1;
  const own = memory();
  const mine = createMine(own);
  await createKept(mine, own, one.ask).look();
  one.at_ms = 9;
  assert.equal(await createKept(mine, own, other.ask).look(), true);
  assert.deepEqual([mine.get().size, other.posts], [200, 0]);
});

test("two pages of one device that look at the same time keep what the other device chose", async () => {
  const there = house();
  const tablet = device(there);
  const own = memory();
  const [one, other] = [createMine(own), createMine(own)];
  await createKept(one, own, there.ask).look();
  await tablet.kept.look();
  tablet.mine.change({ size: 200 });
  await tablet.kept.save();
  assert.equal(await createKept(one, own, there.ask).look(), true);
  await createKept(other, own, there.ask).look(); // has not heard of it yet
  assert.equal(there.chosen.size, 200);
  assert.equal(other.get().size, 200);
});

test("a device that has left its account does not ask for it again", async () => {
  const there = house();
  const own = memory();
  const kept = createKept(createMine(own), own, there.ask);
  await kept.look();
  assert.notEqual(own.getItem("assist.mine.kept"), null);
  there.account = null;
  await kept.look();
  assert.equal(own.getItem("assist.mine.kept"), null);
});

test("without an account nothing leaves the device, and a house that is away changes nothing", async () => {
  const none = house(null);
  const here = device(none);
  here.mine.change({ size: 150 });
  assert.equal(await here.kept.look(), false);
  await here.kept.save();
  assert.equal(none.posts, 0);
  const away = device({ ask: async () => { throw new Error("away"); } });
  assert.equal(await away.kept.look(), false);
});
