import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { call, help } from "./facts.js";
import { NOTHING, view } from "../../frontend/js/state/requester.js";

test("the literal in docs/states.md is a whole state of the Requester's page", () => {
  const text = readFileSync(new URL("../../docs/states.md", import.meta.url), "utf8");
  const [, literal] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
  const state = new Function(`return (${literal})`)();
  assert.deepEqual(Object.keys(state), Object.keys(NOTHING));
  assert.deepEqual(Object.keys(state.help).sort(), Object.keys(help()).sort());
  assert.deepEqual(Object.keys(state.help.call).sort(), Object.keys(call()).sort());
  assert.equal(view(state), "call");
});
