/**
 * Does a ring arrive while the page is closed? Tried once, by the way of every ring.
 *
 *   await tryRing()   how far it came: "here" (this device has shown it), "elsewhere" (another one
 *                     of theirs has), "taken" (the push service has it, no device has shown it),
 *                     "failed" (no push service took it), "none" (no device of theirs is rung),
 *                     "too_often", or "house" (no answer from there).
 */

import { ask, subscription } from "./subscribe.js";

/** @typedef {"here" | "elsewhere" | "taken" | "failed" | "none" | "too_often" | "house"} Came */

const LOOK_EACH_MS = 500;
// A push service takes a second or two; a phone that sleeps deeply, longer.
const LOOKS = 40;
// The other devices get a moment after this one, and this one after the others.
const MORE_LOOKS = 6;

/** @returns {Promise<Came>} */
export async function tryRing(wait = pause) {
  const endpoint = (await subscription().catch(() => null))?.endpoint ?? "";
  const begun = await ask("/push/test/", { endpoint });
  if (begun?.status === 429) return "too_often";
  if (!begun?.ok) return "house";
  const { test, here, devices: rung } = await begun.json();
  if (!rung) return "none";
  /** @type {Record<string, string>} */
  let devices = {};
  for (let looks = 0, left = LOOKS; looks < left; looks += 1) {
    await wait(LOOK_EACH_MS);
    devices = (await look(test)) ?? devices;
    const came = cameTo(devices, here);
    if (came === "here" || isOver(devices)) return came;
    if (came === "elsewhere") left = Math.min(left, looks + MORE_LOOKS);
  }
  return cameTo(devices, here);
}

/**
 * @param {string} test
 * @returns {Promise<Record<string, string> | null>}
 */
async function look(test) {
  const answer = await fetch(`/push/test/${test}/`, { credentials: "same-origin" }).catch(() => null);
  return answer?.ok ? (await answer.json()).devices : null;
}

/**
 * @param {Record<string, string>} devices how far it came on each
 * @param {string} here this one's mark
 * @returns {Came}
 */
export function cameTo(devices, here) {
  const all = Object.values(devices);
  if (devices[here] === "arrived") return "here";
  if (all.includes("arrived")) return "elsewhere";
  return all.some((how) => how === "taken" || how === "sent") ? "taken" : "failed";
}

/** @param {Record<string, string>} devices nothing more will come of any of them */
function isOver(devices) {
  const all = Object.values(devices);
  return all.length > 0 && all.every((how) => !["sent", "taken"].includes(how));
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
