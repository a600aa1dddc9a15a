/**
 * How does this device come to ring while its page is closed?
 *
 *   canPush()            can this browser do it at all? When not, the page offers nothing of it.
 *   await pushIsOn()     true while this device is subscribed and notifications are allowed.
 *   await subscribe(role) from a click; role is "volunteer" or "requester". Answers "on", "denied"
 *                        (the person or the browser said no) or "failed" (network, house, push service).
 *   await unsubscribe()  answers true when this device rings no more.
 *   onTap(then)          then({offer, accept}) or then({call_back}) when somebody tapped a
 *                        notification, in this page or to open it; at most once for each tap. `accept`:
 *                        by the notification's own "Accept", so that the page asks nothing again.
 *
 * The words of the notifications come with /sw.js in the page's language.
 */

import { startWorker } from "./worker.js";

/**
 * @typedef {"volunteer" | "requester"} PushRole
 * @typedef {"on" | "denied" | "failed"} Subscribed
 * @typedef {{offer?: string, accept?: boolean, call_back?: string}} Tap
 */

const TAPPED = "push.tapped";
const ID = /^[0-9a-f]{32}$/;

/** @returns {boolean} */
export const canPush = () =>
  isSecureContext && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** @returns {Promise<boolean>} */
export async function pushIsOn() {
  return canPush() && Notification.permission === "granted" && Boolean(await subscription());
}

/** @returns {Promise<PushSubscription | null | undefined>} the browser's own half of it */
export async function subscription() {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  return registration?.pushManager?.getSubscription();
}

/**
 * @param {PushRole} role
 * @returns {Promise<Subscribed>}
 */
export async function subscribe(role) {
  // First, and before anything that takes time: browsers ask only right after a click.
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  try {
    const key = await publicKey();
    const registration = await startWorker();
    const mine = await subscribed(registration, key);
    const { endpoint, keys } = mine.toJSON();
    if (await post("/push/subscribe/", { role, endpoint, keys })) return "on";
    // What the house does not know of must not look as if it rang.
    await mine.unsubscribe();
    return "failed";
  } catch (error) {
    return error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "failed";
  }
}

/** @returns {Promise<boolean>} */
export async function unsubscribe() {
  const mine = await subscription();
  if (!mine) return true;
  // Should the house not hear of it now, the push service tells it at the next ring.
  await post("/push/unsubscribe/", { endpoint: mine.endpoint });
  return mine.unsubscribe();
}

/** @param {(tap: Tap) => void} then */
export function onTap(then) {
  const opened = tapIn(location.search);
  if (opened) {
    // A page that is loaded again is not a second tap.
    history.replaceState(history.state, "", location.pathname);
    then(opened);
  }
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    const tap = data?.type === TAPPED ? tapIn(data.search) : null;
    if (tap) then(tap);
  });
  navigator.serviceWorker.startMessages();
}

/**
 * @param {string} search "?offer=ID", "?offer=ID&accept=1" or "?call_back=ID"
 * @returns {Tap | null}
 */
export function tapIn(search) {
  const query = new URLSearchParams(search);
  const [offer, call_back] = [query.get("offer") ?? "", query.get("call_back") ?? ""];
  if (ID.test(offer)) return { offer, accept: query.get("accept") === "1" };
  return ID.test(call_back) ? { call_back } : null;
}

/**
 * A subscription holds for one key: one that was made for another house's key is of no use.
 * @param {ServiceWorkerRegistration} registration
 * @param {string} key
 */
async function subscribed(registration, key) {
  const old = await registration.pushManager.getSubscription();
  if (old && sameKey(old.options.applicationServerKey, key)) return old;
  await old?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/**
 * @param {ArrayBuffer | null} bytes
 * @param {string} key base64url
 */
function sameKey(bytes, key) {
  if (!bytes) return false;
  const plain = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === key;
}

/** @returns {Promise<string>} */
async function publicKey() {
  const answer = await fetch("/push/key/", { credentials: "same-origin" });
  if (!answer.ok) throw new Error("the house gave no key");
  return (await answer.json()).key;
}

/**
 * @param {string} path
 * @param {object} body
 */
const post = async (path, body) => (await ask(path, body))?.ok ?? false;

/**
 * The house's answer; nothing where it does not answer.
 * @param {string} path
 * @param {object} body
 */
export async function ask(path, body) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  const headers = {
    "Content-Type": "application/json",
    "X-CSRFToken": token instanceof HTMLInputElement ? token.value : "",
  };
  const sent = { method: "POST", headers, body: JSON.stringify(body), credentials: /** @type {const} */ ("same-origin") };
  return fetch(path, sent).catch(() => null);
}
