/**
 * Can this very device ring while its page is closed, and if not, why? The browser is asked, and the
 * house, too: a browser still shows its own half of a subscription that the house has long dropped.
 *
 *   await device()   {kind, browser, others}. `kind`: "on" rings; "off" could; "denied" in the
 *                    browser; "home_screen" from there alone; "insecure", "cannot" never.
 *                    `others`: how many other devices of this person's ring; null while unknown.
 */

import { ask, canPush, subscription } from "./subscribe.js";

/**
 * @typedef {"on" | "off" | "denied" | "home_screen" | "insecure" | "cannot"} Kind
 * @typedef {"iphone" | "samsung" | "firefox" | "safari" | "chrome"} Browser
 * @typedef {{kind: Kind, browser: Browser, others: number | null}} Device
 * @typedef {{secure: boolean, able: boolean, denied: boolean, agent: string, touches: number}} Traits
 */

/** @returns {Promise<Device>} */
export async function device() {
  const traits = {
    secure: isSecureContext, able: canPush(), agent: navigator.userAgent,
    touches: navigator.maxTouchPoints,
    denied: "Notification" in window && Notification.permission === "denied",
  };
  const endpoint = traits.able ? ((await subscription())?.endpoint ?? "") : "";
  const answer = await ask("/push/devices/", { endpoint });
  const known = answer?.ok ? await answer.json() : null;
  const rings = Boolean(endpoint) && known?.here !== false;
  return { kind: kindOf(traits, rings), browser: browserOf(traits), others: known?.others ?? null };
}

/**
 * @param {Traits} traits
 * @param {boolean} rings
 * @returns {Kind}
 */
export function kindOf({ secure, able, denied, ...traits }, rings) {
  if (!secure) return "insecure";
  // There it has no notifications at all before the page has been opened from the home screen.
  if (!able) return browserOf(traits) === "iphone" ? "home_screen" : "cannot";
  if (denied) return "denied";
  return rings ? "on" : "off";
}

/**
 * An iPad says that it is a Mac; a Mac has no touch screen. All browsers there are Safari within.
 * @param {Pick<Traits, "agent" | "touches">} traits
 * @returns {Browser}
 */
export function browserOf({ agent, touches }) {
  if (/iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && touches > 1)) return "iphone";
  if (/SamsungBrowser/.test(agent)) return "samsung";
  if (/Firefox/.test(agent)) return "firefox";
  return /AppleWebKit/.test(agent) && !/Chrom/.test(agent) ? "safari" : "chrome";
}
