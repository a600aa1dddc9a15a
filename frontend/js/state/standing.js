/**
 * Why is this Volunteer being rung just now, or not? One sentence and at most one act that changes
 * it: first what nobody rings without, then what the person chose, then what the house lacks, then
 * where it would ring.
 *
 *   standingOf({linked, taking, why, reach, state, farewell, seq}, house, device, microphone)
 *   -> {key: "standing.snoozed", params: {until: "today at 18:00"}, act: "wake"}
 */

/**
 * @import { VolunteerState } from "./volunteer.js"
 * @typedef {{snoozed: string, awake: string, opens: string, lines: "free" | "full" | "none",
 *   wraps_until_ms: number}} House as `/volunteer/standing/` tells it
 * @typedef {{kind: string, others: number | null}} Device as `push/device.js` found it
 * @typedef {"granted" | "refused" | "none"} Microphone
 * @typedef {"" | "wake" | "ready" | "hours"} Act
 * @typedef {{key: string, params: {until: string}, act: Act}} Standing
 * @typedef {Pick<VolunteerState, "linked" | "taking" | "why" | "reach" | "state" | "farewell" | "seq">} Known
 */

/**
 * @param {Known} state
 * @param {House | null} house null: not heard yet
 * @param {Device | null} device
 * @param {Microphone} microphone
 * @returns {Standing | null} nothing before the first Snapshot, and nothing after a farewell
 */
export function standingOf(state, house, device, microphone) {
  if (state.farewell || state.seq < 0) return null;
  if (!state.linked) return standing("link");
  return silence(state, house) ?? unready(state, house, microphone) ?? standing(where(state, device));
}

/**
 * What the person chose, or their own hours and calls.
 * @param {Known} state
 * @param {House | null} house
 */
function silence({ taking, why, state }, house) {
  if (state === "wrapping_up") return standing("pause", "", "ready");
  if (why === "suspended") return standing("suspended");
  if (!taking) return standing(why === "missed" || why === "gone" ? why : "stopped");
  if (why === "snoozed") return until("snoozed", house?.snoozed, "wake");
  if (why === "asleep") return until("asleep", house?.awake, "hours");
  return why ? standing("gone") : null;
}

/**
 * What the house, or this page, lacks.
 * @param {Known} state
 * @param {House | null} house
 * @param {Microphone} microphone
 */
function unready({ reach }, house, microphone) {
  if (house?.opens) return standing("closed", house.opens);
  if (house?.lines === "full") return standing("full");
  return reach === "page" && microphone !== "granted" ? standing(`microphone.${microphone}`) : null;
}

/**
 * @param {Known} state
 * @param {Device | null} device
 */
function where({ reach }, device) {
  const closed = device?.kind === "on" ? "here" : (device?.others ?? 0) > 0 ? "other" : "";
  if (reach === "push") return `push.${closed || "here"}`;
  return device ? `page.${closed || "only"}` : "page";
}

/**
 * @param {string} key
 * @param {string | undefined} moment in words; without one the sentence does without
 * @param {Act} act
 */
const until = (key, moment, act) => standing(moment ? `${key}.until` : key, moment, act);

/**
 * @param {string} key
 * @param {string} moment
 * @param {Act} act
 * @returns {Standing}
 */
const standing = (key, moment = "", act = "") => ({ key: `standing.${key}`, params: { until: moment }, act });
