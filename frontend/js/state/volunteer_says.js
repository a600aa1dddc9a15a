/** What does the Volunteer hear of a change? */

/** @import { VolunteerState } from "./volunteer.js" */
/** @import { Saying } from "./says.js" */
/** @import { CallView } from "../protocol.js" */

import { standing } from "./volunteer.js";
import { legSays, linkSays, saying } from "./says.js";

/**
 * @param {VolunteerState} before
 * @param {VolunteerState} after
 * @returns {Saying[]}
 */
export function says(before, after) {
  return [
    ...linkSays(before, after),
    ...presenceSays(before, after),
    ...ringSays(before, after),
    ...callSays(before, after),
    ...legSays(before, after),
    ...endSays(before, after),
    ...troubleSays(before, after),
  ];
}

/**
 * @param {VolunteerState} before
 * @param {VolunteerState} after
 * @returns {Saying[]}
 */
function presenceSays(before, after) {
  if (before.seq < 0 || after.farewell) return [];
  const isNews = before.taking !== after.taking || (after.why !== null && after.why !== before.why);
  return isNews ? [saying(standing(after), { topic: "presence" })] : [];
}

/**
 * @param {VolunteerState} before
 * @param {VolunteerState} after
 * @returns {Saying[]}
 */
function ringSays(before, after) {
  if (after.offer && after.offer.id !== before.offer?.id) {
    const { name } = after.offer;
    if (!name) return [saying("ring", { assertive: true, topic: "ring" })];
    return [saying("ring.named", { assertive: true, topic: "ring", params: { name } })];
  }
  if (!after.last_offer || after.last_offer === before.last_offer) return [];
  // The third in a row has kinder words of its own.
  if (after.last_offer.why === "missed" && after.why === "missed") return [];
  return [saying(`ring.${after.last_offer.why}`, { topic: "ring" })];
}

/**
 * @param {VolunteerState} before
 * @param {VolunteerState} after
 * @returns {Saying[]}
 */
function callSays(before, after) {
  if (!after.call || after.call.state === before.call?.state) return [];
  if (after.call.state === "in_call") {
    return [connected(after.call)];
  }
  if (after.call.state === "confirming") return [saying("accepted.call_back", { assertive: true })];
  if (before.call?.state === "confirming") return [saying("confirmed", { assertive: true })];
  return [saying("accepted", { assertive: true })];
}

/**
 * @param {CallView} call
 * @returns {Saying}
 */
function connected({ peer, braille }) {
  const key = `connected.volunteer${braille ? ".braille" : ""}${peer ? ".named" : ""}`;
  return saying(key, { assertive: true, tone: "connected", params: { name: peer ?? "" } });
}

/**
 * @param {VolunteerState} before
 * @param {VolunteerState} after
 * @returns {Saying[]}
 */
function endSays(before, after) {
  if (after.unmet && !before.unmet) return [saying("unmet", { assertive: true, tone: "ended" })];
  if (!after.ended || after.ended === before.ended) return [];
  return [saying(`ended.volunteer.${after.ended.reason}`, { assertive: true, tone: "ended" })];
}

/**
 * @param {VolunteerState} before
 * @param {VolunteerState} after
 * @returns {Saying[]}
 */
function troubleSays(before, after) {
  if (!after.trouble || after.trouble === before.trouble) return [];
  return [saying(`trouble.${after.trouble}`, { assertive: true, tone: "ended" })];
}
