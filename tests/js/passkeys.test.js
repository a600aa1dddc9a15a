/** Do bytes and base64url become each other, as the browser and the server write them? */

import assert from "node:assert/strict";
import { test } from "node:test";

import { toAnswer, toGet, toMake } from "../../frontend/js/net/passkeys.js";

const BYTES = Uint8Array.from([251, 239, 255, 0, 1]);
const TEXT = "--__AAE";

test("what is asked for comes as bytes, whatever the server left out", () => {
  const made = toMake({
    rp: { id: "localhost", name: "Assist" },
    user: { id: TEXT, name: "Maria", displayName: "Maria" },
    challenge: TEXT,
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    excludeCredentials: [{ type: "public-key", id: TEXT }],
  });
  assert.deepEqual([made.user.id, made.challenge, made.excludeCredentials?.[0]?.id], [BYTES, BYTES, BYTES]);
  assert.equal(made.user.name, "Maria");
  const got = toGet({ challenge: TEXT, rpId: "localhost" });
  assert.deepEqual([got.challenge, got.allowCredentials, got.rpId], [BYTES, [], "localhost"]);
});

test("an answer goes as text, without what is empty or nobody reads", () => {
  const credential = {
    rawId: BYTES.buffer,
    authenticatorAttachment: "platform",
    response: { clientDataJSON: BYTES.buffer, signature: BYTES.buffer, userHandle: null },
  };
  assert.deepEqual(toAnswer(/** @type {any} */ (credential)), {
    id: TEXT,
    response: { clientDataJSON: TEXT, signature: TEXT },
  });
});
