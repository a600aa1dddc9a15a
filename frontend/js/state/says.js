/** What is worth saying of a change of state? Only the difference counts, not how it came. */

/** @import { CallView } from "../protocol.js" */
/** @import { Tone } from "../ui/tones.js" */

/**
 * @typedef {{key: string, params?: Record<string, string | number>, assertive?: boolean,
 *   tone?: Tone, topic?: string}} Saying `key` names a sentence of the page's words
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
 * @param {CallView | null | undefined} before
 * @param {CallView | null | undefined} after
 * @returns {Saying[]}
 */
export function legSays(before, after) {
  if (!before || !after || before.id !== after.id) return [];
  // Before they met there is nothing to lose: a call-back's line opens late, and is not "back".
  if (before.state !== "in_call") return [];
  const params = { name: after.peer ?? "" };
  /** @type {Saying[]} */
  const said = [];
  if (gone(before.theirs) !== gone(after.theirs)) {
    said.push(leg(gone(after.theirs), after.peer ? "theirs.named" : "theirs", params));
  }
  if (gone(before.mine) !== gone(after.mine)) said.push(leg(gone(after.mine), "mine", params));
  return said;
}

/** @param {string} state */
const gone = (state) => state === "lost" || state === "closed";

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
