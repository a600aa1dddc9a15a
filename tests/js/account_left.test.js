import assert from "node:assert/strict";
import { test } from "node:test";

/** A browser on the page after leaving; `here`: it rings for a Volunteer who is signed in. */
async function leaves(here, number) {
  const told = { cleared: 0, kept: {}, asked: [], unsubscribed: 0 };
  class HTMLElement {
    dataset = { me: "somebody new" };
  }
  class HTMLInputElement extends HTMLElement {
    value = "token";
  }
  const endpoint = "https://push.example/1";
  const unsubscribe = async () => ((told.unsubscribed += 1), true);
  const pushManager = { getSubscription: async () => ({ endpoint, unsubscribe }) };
  const memory = { clear: () => (told.cleared += 1), setItem: (key, value) => (told.kept[key] = value) };
  const house = async (path, { body }) => {
    told.asked.push(path);
    assert.equal(JSON.parse(body).endpoint, endpoint);
    return { ok: here !== null, json: async () => ({ here }) };
  };
  const globals = {
    HTMLElement, HTMLInputElement, localStorage: memory, sessionStorage: memory, fetch: house,
    dispatchEvent: () => true,
    document: { querySelector: (selector) => (selector.startsWith("input") ? new HTMLInputElement() : new HTMLElement()) },
    navigator: { serviceWorker: { getRegistration: async () => ({ pushManager }) } },
  };
  for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true });
  await import(`../../frontend/js/pages/account_left.js?visit=${number}`);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return told;
}

test("whoever leaves takes their settings along, and this device rings for them no more", async () => {
  const told = await leaves(null, 1);
  assert.deepEqual(told, {
    cleared: 2, kept: { "assist.me": "somebody new" },
    asked: ["/push/devices/", "/push/unsubscribe/"], unsubscribed: 1,
  });
});

test("it goes on ringing for a Volunteer who is signed in here", async () => {
  const told = await leaves(true, 2);
  assert.deepEqual([told.cleared, told.asked, told.unsubscribed], [2, ["/push/devices/"], 0]);
});

test("a Volunteer whom it does not ring for loses nothing by that", async () => {
  assert.equal((await leaves(false, 3)).unsubscribed, 1);
});
