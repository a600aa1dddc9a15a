import assert from "node:assert/strict";
import { test } from "node:test";

import { tapIn } from "../../frontend/js/push/subscribe.js";

const ID = "0123456789abcdef0123456789abcdef";

test("a tap on a ring names the Offer, and whether it was accepted there", () => {
  assert.deepEqual(tapIn(`?offer=${ID}`), { offer: ID, accept: false });
  assert.deepEqual(tapIn(`?offer=${ID}&accept=1`), { offer: ID, accept: true });
});

test("a tap on a call-back names the HelpRequest", () => {
  assert.deepEqual(tapIn(`?call_back=${ID}`), { call_back: ID });
});

test("what is no id is no tap", () => {
  for (const search of ["", "?", "?offer=", "?offer=1", `?offer=${ID}0`, "?accept=1", "?call_back=../x"]) {
    assert.equal(tapIn(search), null, search);
  }
});
