/** What does the Requester hear of a change? */

/** @import { HelpView } from "../protocol.js" */
/** @import { RequesterState } from "./requester.js" */
/** @import { Saying } from "./says.js" */

import { isLater } from "./requester.js";
import { legSays, linkSays, saying } from "./says.js";

/**
 * @param {RequesterState} before
 * @param {RequesterState} after
 * @returns {Saying[]}
 */
export function says(before, after) {
  return [
    ...linkSays(before, after),
    ...helpSays(before.help, after.help, after.closed),
    ...legSays(called(before), called(after)),
    ...endSays(before, after),
    ...troubleSays(before, after),
  ];
}

/** @param {RequesterState} state */
const called = ({ help, missing }) => ({ call: help?.call, missing });

/**
 * @param {HelpView | null} before
 * @param {HelpView | null} after
 * @param {string} closed when help is there again; "" while the house is open
 * @returns {Saying[]}
 */
function helpSays(before, after, closed) {
  if (!after) return [];
  const moved = before?.state !== after.state || before.id !== after.id;
  const name = after.call?.peer ?? "";
  const named = name ? ".named" : "";
  if (moved && after.state === "in_call") {
    return [saying(`connected${named}`, { params: { name }, assertive: true, tone: "connected" })];
  }
  if (moved && after.state === "connecting") {
    return [saying(`answered${named}`, { params: { name }, assertive: true })];
  }
  if (isLater(after)) return laterSays(before, after, closed);
  if (before?.call && !after.call) return [putBack(before.call.peer)];
  return after.state === "waiting" || after.state === "ringing" ? askedSays(before, after) : [];
}

/**
 * A call-back: that it waits, that somebody is there, that they could not wait any longer.
 * @param {HelpView | null} before
 * @param {HelpView} after
 * @param {string} closed
 * @returns {Saying[]}
 */
function laterSays(before, after, closed) {
  if (before?.id === after.id && before.state === after.state) return kept(before, after);
  if (after.state === "confirming") return [saying("ready", { assertive: true, topic: "ready" })];
  if (before?.state === "confirming") return [saying("not_started", { assertive: true, tone: "lost" })];
  if (before?.call) return [putBack(before.call.peer)];
  return [parked(after, closed)];
}

/**
 * @param {HelpView} help
 * @param {string} closed
 */
function parked({ question }, closed) {
  const how = { assertive: true, topic: "asked" };
  if (question) return saying("parked.question", how);
  // Nobody is free soon in a house that opens tomorrow.
  return closed ? saying("parked.closed", { params: { text: closed }, ...how }) : saying("parked", how);
}

/**
 * In a closed house the call-back is there first, and its question comes after it.
 * @param {HelpView} before
 * @param {HelpView} after
 * @returns {Saying[]}
 */
function kept(before, after) {
  if (before.question || !after.question) return [];
  return [parked(after, "")];
}

/**
 * @param {string | null} name
 * @returns {Saying}
 */
function putBack(name) {
  const key = name ? "put_back.named" : "put_back";
  return saying(key, { params: { name: name ?? "" }, assertive: true, tone: "lost" });
}

/**
 * @param {HelpView | null} before
 * @param {HelpView} after
 * @returns {Saying[]}
 */
function askedSays(before, after) {
  const fresh = before?.id !== after.id;
  if (after.asked > (fresh ? 0 : (before?.asked ?? 0))) {
    return [saying("asked", { params: { n: after.asked }, tone: "asking", topic: "asked" })];
  }
  if (!fresh && before?.state === "ringing" && after.state === "waiting") {
    return [saying("still_asking", { topic: "asked" })];
  }
  if (!fresh) return [];
  const key = after.reachable > 0 ? "asking" : nobody(after);
  return [saying(key, { tone: "asking", topic: "asked" })];
}

/** @param {HelpView} help */
const nobody = (help) => (help.among === "circle" ? "nobody_free.circle" : "nobody_free");

/**
 * @param {RequesterState} before
 * @param {RequesterState} after
 * @returns {Saying[]}
 */
function endSays(before, after) {
  if (!after.ended || after.ended === before.ended || after.want) return [];
  const { reason, peer } = after.ended;
  const named = peer ? ".named" : "";
  const params = { name: peer ?? "" };
  return [saying(`ended.requester.${reason}${named}`, { params, assertive: true, tone: "ended" })];
}

/**
 * @param {RequesterState} before
 * @param {RequesterState} after
 * @returns {Saying[]}
 */
function troubleSays(before, after) {
  if (!after.trouble || after.trouble === before.trouble) return [];
  if (after.trouble === "closed") return [saying("closed", { params: { text: after.closed }, assertive: true })];
  return [saying(`trouble.${after.trouble}`, { assertive: true, tone: "ended" })];
}
