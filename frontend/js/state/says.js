/** What is worth saying of a change of state? Only the difference counts, not how it came. */

/** @import { CallView } from "../protocol.js" */
/** @import { Missing } from "./missing.js" */
/** @import { Tone } from "../ui/earcons.js" */

/**
 * @typedef {{key: string, params?: Record<string, string | number>, assertive?: boolean,
 *   tone?: Tone, topic?: string, more?: boolean, kept?: boolean}} Saying `key` names a sentence of
 *   the page's words; `more`: company, said to those who like to hear each step; `kept`: what a
 *   person wrote, said also when something urgent comes between
 */

/**
 * @param {string} key
 * @param {Omit<Saying, "key">} how
 * @returns {Saying}
 */
export const saying = (key, how = {}) => ({ key, ...how });

/**
 * @param {{linked: boolean, seq: number}} before
 * @param {{linked: boolean, seq: number}} after
 * @returns {Saying[]}
 */
export function linkSays(before, after) {
  if (before.linked === after.linked || before.seq < 0) return [];
  if (after.linked) return [saying("link.back", { tone: "back", topic: "link" })];
  return [saying("link.lost", { assertive: true, tone: "lost", topic: "link" })];
}

/**
 * A Leg that fails and comes back, said to both: silence in a call frightens.
 * @param {{call: CallView | null | undefined, missing: Missing}} before
 * @param {{call: CallView | null | undefined, missing: Missing}} after
 * @returns {Saying[]}
 */
export function legSays(before, after) {
  // Before they met there is nothing to lose, and after the end nothing comes back.
  if (!after.call || before.call?.id !== after.call.id) return [];
  const { peer } = after.call;
  const params = { name: peer ?? "" };
  const [was, is] = [before.missing, after.missing];
  /** @type {Saying[]} */
  const said = [];
  if (!was.theirs !== !is.theirs) said.push(leg(is.theirs > 0, peer ? "theirs.named" : "theirs", params));
  if (!was.mine !== !is.mine) said.push(leg(is.mine > 0, "mine", params));
  return said;
}

/**
 * @param {boolean} lost
 * @param {string} whose
 * @param {Record<string, string>} params
 * @returns {Saying}
 */
function leg(lost, whose, params) {
  const how = { params, assertive: true, topic: `leg.${whose}` };
  return saying(`leg.${whose}.${lost ? "lost" : "back"}`, { ...how, tone: lost ? "lost" : "back" });
}
