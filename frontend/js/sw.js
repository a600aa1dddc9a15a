/**
 * What happens on this device while no page is open, or no network is there? It says that somebody
 * needs help, and takes it back when that is over. Where nobody can be reached it shows one page that
 * says what to do. That page and what it is drawn with is all it keeps: nothing about anybody.
 *
 * Served from /sw.js with `self.WORDS` before it, in the language of the page that asked for it, and
 * `self.KEPT`: the addresses to keep, the offline page first.
 */

const worker = /** @type {ServiceWorkerGlobalScope & {WORDS: Record<string, string>, KEPT: string[]}} */ (
  /** @type {unknown} */ (self)
);
const SHELF = worker.KEPT.join(" ");
const TAPPED = "push.tapped";
const ID = /^[0-9a-f]{32}$/;
const IS_SAFARI = /AppleWebKit/.test(navigator.userAgent) && !/Chrom(e|ium)/.test(navigator.userAgent);
/** What was answered or put away on this very device: its end is no news here. @type {Set<string>} */
const answered = new Set();

/** @param {string} key */
const words = (key) => worker.WORDS[key] ?? "";

worker.addEventListener("install", (event) => {
  pass(event);
  event.waitUntil(keep());
});
worker.addEventListener("activate", (event) => event.waitUntil(begin()));
worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate") event.respondWith(visited(event));
  else if (isKept(url)) event.respondWith(fetch(event.request).catch(() => kept(url)));
});
worker.addEventListener("push", (event) => event.waitUntil(heed(told(event.data))));
worker.addEventListener("notificationclose", ({ notification }) => {
  if (isId(notification.data?.id)) answered.add(notification.data.id);
});
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(tapped(event.notification, event.action));
});

/**
 * What a page sends is none of this worker's business, and must not come by here: Chromium gives a
 * page's last words to the worker first, and they are lost when the page is gone before it is awake.
 * @typedef {{condition: {requestMethod: string}, source: "network"}} Route
 * @param {ExtendableEvent & {addRoutes?: (route: Route) => Promise<void>}} event
 */
function pass(event) {
  const past = event.addRoutes?.({ condition: { requestMethod: "post" }, source: "network" });
  // Where a browser does not know it, the worker is of use all the same.
  if (past) event.waitUntil(past.catch(() => undefined));
}

/** What is kept is asked for without cookies, so that it is the same for everybody. */
async function keep() {
  const shelf = await caches.open(SHELF);
  await shelf.addAll(worker.KEPT.map((each) => new Request(each, { credentials: "omit" })));
  await worker.skipWaiting();
}

async function begin() {
  for (const name of await caches.keys()) if (name !== SHELF) await caches.delete(name);
  // A page's request must not wait until this worker is awake.
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

/** @param {FetchEvent} event somebody opens a page: the network's answer, whatever it is, or ours */
async function visited({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch {
    return kept(worker.KEPT[0] ?? "");
  }
}

/** @param {string} url */
const isKept = (url) => worker.KEPT.some((each) => new URL(each, worker.location.origin).href === url);

/**
 * @param {string} url
 * @returns {Promise<Response>}
 */
async function kept(url) {
  const shelf = await caches.open(SHELF);
  return (await shelf.match(url)) ?? Response.error();
}

/**
 * @param {PushMessageData | null} data
 * @returns {Record<string, unknown>}
 */
function told(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

/** @param {Record<string, unknown>} message {offer}, {call_back}, {withdrawn} or {test}, each an id */
async function heed(message) {
  const { offer, call_back, withdrawn, test } = message;
  if (isId(offer)) return ring("ring", offer, `/volunteer/?offer=${offer}`);
  if (isId(call_back)) return ring("call_back", call_back, `/?call_back=${call_back}`);
  if (isId(withdrawn)) return over(withdrawn);
  if (isId(test)) return tryOut(test);
  // Browsers take away the right to push from those who show nothing.
  return show("over", "unknown", {}, { silent: true });
}

/**
 * @param {"ring" | "call_back"} kind
 * @param {string} id
 * @param {string} url where a tap leads
 */
async function ring(kind, id, url) {
  const open = await windows(url);
  const actions = [{ action: "accept", title: words("accept") }];
  if (kind === "ring") actions.push({ action: "decline", title: words("decline") });
  await show(kind, id, { kind, id, url }, {
    actions,
    requireInteraction: true,
    renotify: true,
    // A page that is looked at rings by itself.
    silent: open.some((page) => page.visibilityState === "visible"),
  });
}

/** @param {string} test shown as a ring is, and with its sound even where a page is open: it is a try */
async function tryOut(test) {
  await show("test", test, { url: "/volunteer/" }, { renotify: true });
  const subscription = await worker.registration.pushManager.getSubscription();
  await tell("/push/arrived/", { test, endpoint: subscription?.endpoint ?? "" });
}

/** @param {string} id of a ring that somebody else answered, or that nobody needs any more */
async function over(id) {
  const [shown] = await worker.registration.getNotifications({ tag: id });
  const back = shown?.data?.kind === "call_back";
  const home = back ? "/" : "/volunteer/";
  const isSeen = (await windows(home)).some((page) => page.visibilityState === "visible");
  // The page says it, or it was answered right here. Safari alone wants to see something each time.
  if ((answered.delete(id) || isSeen) && !IS_SAFARI) return shown?.close();
  await show(back ? "call_back.over" : "over", id, { url: home }, { silent: true });
}

/**
 * @param {string} kind whose words
 * @param {string} tag a later one with the same tag takes its place
 * @param {object} data
 * @param {object} more
 */
function show(kind, tag, data, more) {
  // No icon: a browser shows nothing before it has fetched it, and a ring must not wait.
  const options = { tag, data, body: words(`${kind}.more`), ...more };
  return worker.registration.showNotification(words(kind), options);
}

/**
 * @param {Notification} notification
 * @param {string} action "accept", "decline", or "" for a tap beside the buttons
 */
async function tapped({ data }, action) {
  const { id, url = "/" } = data ?? {};
  if (isId(id)) answered.add(id);
  if (action === "decline") return decline(id);
  return go(action === "accept" ? `${url}&accept=1` : url);
}

/** @param {string} offer */
async function decline(offer) {
  // Unheard, the ring ends by its own time.
  await tell("/push/decline/", { offer });
}

/**
 * @param {string} path
 * @param {object} said
 */
async function tell(path, said) {
  const sent = { method: "POST", body: JSON.stringify(said), headers: { "Content-Type": "application/json" } };
  await fetch(path, sent).catch(() => null);
}

/** @param {string} url */
async function go(url) {
  const [page] = await windows(url);
  if (!page) return void (await worker.clients.openWindow(url));
  const { search } = new URL(url, worker.location.origin);
  page.postMessage({ type: TAPPED, search });
  await page.focus().catch(() => null);
}

/**
 * Open pages of the same kind, the one that is looked at first.
 * @param {string} url
 */
async function windows(url) {
  const { pathname } = new URL(url, worker.location.origin);
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const same = open.filter((page) => new URL(page.url).pathname === pathname);
  return same.sort((one, other) => Number(other.focused) - Number(one.focused));
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isId(value) {
  return typeof value === "string" && ID.test(value);
}
