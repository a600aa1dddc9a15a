import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { isCircleEmpty } from "../../frontend/js/net/trusted.js";

const real = globalThis.fetch;
afterEach(() => (globalThis.fetch = real));
const house = (people) => (globalThis.fetch = async () => ({ json: async () => ({ people }) }));

test("a circle is empty until somebody in it is confirmed", async () => {
  house([]);
  assert.equal(await isCircleEmpty(), true);
  house([{ confirmed: false }]);
  assert.equal(await isCircleEmpty(), true);
  house([{ confirmed: false }, { confirmed: true }]);
  assert.equal(await isCircleEmpty(), false);
});

test("where nobody can say, the circle is asked as it would be", async () => {
  globalThis.fetch = async () => Promise.reject(new TypeError("no network"));
  assert.equal(await isCircleEmpty(), false);
  house(undefined);
  assert.equal(await isCircleEmpty(), false);
});
