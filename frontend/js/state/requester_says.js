/** What does the Requester hear of a change? */

/** @import { CallView, HelpView } from "../protocol.js" */
/** @import { RequesterState } from "./requester.js" */
/** @import { Saying } from "./says.js" */

import { isLater } from "./requester.js";
import { legSays, linkSays, saying } from "./says.js";

const RINGING = /** @type {const} */ ("ringing");

/**
 * @param {RequesterState} before
 * @param {RequesterState} after
 * @returns {Saying[]}
 */
export function says(before, after) {
  return [
    ...linkSays(before, after),
    ...helpSays(before.help, after.help, after),
    ...languageSays(before, after),
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
 * @param {RequesterState} state after it
 * @returns {Saying[]}
 */
function helpSays(before, after, { closed, want, met, handed }) {
  if (!after) return [];
  const moved = before?.state !== after.state || before.id !== after.id;
  const peer = after.call?.peer ?? "";
  const how = { params: { name: peer }, assertive: true };
  const named = peer ? ".named" : "";
  if (moved && after.state === "in_call") return [saying(`connected${named}`, { ...how, tone: "connected" })];
  if (moved && after.state === "connecting") return [saying(`answered${named}`, how)];
  if (isLater(after)) return laterSays(before, after, closed);
  if (before?.call && !after.call) return leftSays(before.call, after, handed?.note ?? "");
  if (after.state !== "waiting" && after.state !== "ringing") return [];
  const name = met && want?.again === met.call ? met.peer : "";
  return name ? againSays(before, after, name) : askedSays(before, after);
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
 * Nothing is said about a person behind their back: they hear the note, too.
 * @param {CallView} call
 * @param {HelpView} help
 * @param {string} note
 * @returns {Saying[]}
 */
function leftSays({ id, peer }, { handed, languages: [language = ""], topic }, note) {
  if (handed?.call !== id) return [putBack(peer)];
  const params = { name: peer ?? "", language, topic: topic ?? "" };
  const key = `handed.${handed.why}${peer ? ".named" : ""}`;
  const over = saying(key, { params, assertive: true, tone: "asking", topic: "asked" });
  return note ? [over, saying("handed.note", { params: { text: note }, kept: true })] : [over];
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
  const more = after.asked - (fresh ? 0 : (before?.asked ?? 0));
  const first = after.asked === more;
  const rung = { params: { n: more }, tone: RINGING, topic: "asked" };
  if (more > 0) return [first ? saying("asked", rung) : saying("asked_more", { ...rung, more: true })];
  if (!fresh && before?.state === "ringing" && after.state === "waiting") {
    return [saying("still_asking", { topic: "asked", more: true })];
  }
  if (!fresh) return [];
  const key = after.reachable > 0 ? "asking" : nobody(after);
  return [saying(key, { tone: "asking", topic: "asked" })];
}

/**
 * Somebody they know is asked first. When that is over, everybody else is, as always.
 * @param {HelpView | null} before
 * @param {HelpView} after
 * @param {string} name
 * @returns {Saying[]}
 */
function againSays(before, after, name) {
  const how = { params: { name }, topic: "asked" };
  const fresh = before?.id !== after.id;
  if (!after.first_until_ms) {
    const refused = fresh || before?.first_until_ms;
    return refused ? [saying("again.others", { ...how, tone: "asking" })] : askedSays(before, after);
  }
  if (fresh) return [saying("again.asking", { ...how, tone: "asking" })];
  if (after.asked === 1 && before?.asked === 0) return [saying("again.rung", { ...how, tone: "ringing" })];
  return askedSays(before, after);
}

/** @param {HelpView} help */
const nobody = (help) => (help.among === "circle" ? "nobody_free.circle" : "nobody_free");

/**
 * One more language to be asked in: that there is one, and that it is done.
 * @param {RequesterState} before
 * @param {RequesterState} after
 * @returns {Saying[]}
 */
function languageSays(before, after) {
  const [was, is] = [before.help, after.help];
  if (!is || was?.id !== is.id) return [];
  const added = is.languages.find((each) => !was.languages.includes(each));
  if (added) return [saying("widened", { params: { language: added }, topic: "widened" })];
  const [language] = after.others;
  if (!language || before.others[0] === language) return [];
  const nobody = is.reachable === 0;
  // In what they asked before they were handed over they may ask again, whether somebody is free or not.
  const key = is.handed ? "may_also.handed" : nobody ? "may_also.only" : "may_also";
  return [saying(key, { params: { language }, topic: "also", more: !nobody })];
}

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
