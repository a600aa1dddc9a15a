import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { createHours } from "../../frontend/js/net/hours.js";

const real = globalThis.fetch;
afterEach(() => (globalThis.fetch = real));

/** @param {() => Promise<unknown>} answer */
function house(answer) {
  const asked = [];
  globalThis.fetch = async (address) => (asked.push(address), { json: answer });
  return asked;
}

test("a house without hours is not asked", async () => {
  const asked = house(async () => ({ open: false, text: "never" }));
  assert.equal(await createHours(false)(), "");
  assert.deepEqual(asked, []);
});

test("a closed house says when help is there again, an open one nothing", async () => {
  const asked = house(async () => ({ open: false, text: "Tomorrow." }));
  assert.equal(await createHours(true)(), "Tomorrow.");
  assert.deepEqual(asked, ["/hours/"]);
  house(async () => ({ open: true, text: "" }));
  assert.equal(await createHours(true)(), "");
});

test("where nobody can say, the call begins as it would", async () => {
  house(async () => JSON.parse("<h1>Bad gateway</h1>"));
  assert.equal(await createHours(true)(), "");
  globalThis.fetch = async () => Promise.reject(new TypeError("no network"));
  assert.equal(await createHours(true)(), "");
});

test("a house that does not answer is not waited for longer than two seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.fetch = (_address, { signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  const said = createHours(true)();
  t.mock.timers.tick(2_000);
  assert.equal(await said, "");
});
