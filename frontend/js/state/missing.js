/** Whose connection is missed in a call, and since when? */

/** @import { CallView, LegState } from "../protocol.js" */

/** @typedef {{mine: number, theirs: number}} Missing since when, by this page's clock; 0: not missed */

/** @type {Missing} */
export const NOBODY = { mine: 0, theirs: 0 };

/**
 * @param {Missing} before
 * @param {CallView | null | undefined} call
 * @param {boolean} gap what this page noticed of its own line: with a dead network nobody tells it
 * @param {number} now_ms
 * @returns {Missing}
 */
export function missing(before, call, gap, now_ms) {
  if (call?.state !== "in_call") return NOBODY;
  const mine = since(before.mine, gap ? "lost" : call.mine, now_ms);
  const theirs = since(before.theirs, call.theirs, now_ms);
  return mine === before.mine && theirs === before.theirs ? before : { mine, theirs };
}

/**
 * A new Leg in the place of a lost one is no return before it is up, and none in the place of a good
 * one is a loss.
 * @param {number} before
 * @param {LegState} leg
 * @param {number} now_ms
 */
function since(before, leg, now_ms) {
  if (leg === "up") return 0;
  if (before) return before;
  return leg === "lost" || leg === "closed" ? now_ms : 0;
}
