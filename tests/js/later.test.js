import assert from "node:assert/strict";
import { test } from "node:test";

import { later } from "../../frontend/js/net/later.js";

const ADDRESS = "data:text/javascript,export const late = { here: true };";

test("what comes later comes once, and after a failure the next who asks tries again", async () => {
  let answers = 0;
  const lost = () => Promise.reject(new TypeError("no network"));
  const gone = async () => ({ ok: false, status: 503 });
  const here = async () => ({ ok: true, blob: async () => (answers += 1) });
  globalThis.document = { querySelector: () => ({ getAttribute: () => ADDRESS }) };
  for (const fails of [lost, gone]) {
    globalThis.fetch = fails;
    await assert.rejects(later());
  }
  globalThis.fetch = here;
  const [one, other] = await Promise.all([later(), later()]);
  assert.deepEqual(one.late, { here: true });
  assert.equal(other, one);
  assert.equal(await later(), one);
  assert.equal(answers, 1);
});
