/**
 * How does this house's service worker come onto a device? It rings while no page is open
 * (`subscribe.js`), and says what to do where there is no network.
 */

const READY_MS = 10_000;
const LATE_MS = 3_000;

/** @returns {Promise<ServiceWorkerRegistration>} the one of this house, at work */
export async function startWorker() {
  const language = encodeURIComponent(document.documentElement.lang || "en");
  await navigator.serviceWorker.register(`/sw.js?language=${language}`, { scope: "/", updateViaCache: "none" });
  return Promise.race([
    navigator.serviceWorker.ready,
    new Promise((_, no) => setTimeout(no, READY_MS, new Error("the worker does not start"))),
  ]);
}

/** Once the page has all that it needs: on a slow line somebody waits for their button. */
export function startWorkerLate() {
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  // Without it the page is what it was; the next visit tries again.
  const start = () => setTimeout(() => void startWorker().catch(() => undefined), LATE_MS);
  if (document.readyState === "complete") start();
  else addEventListener("load", start, { once: true });
}
