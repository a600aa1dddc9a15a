/**
 * What does the Volunteer's page know? A pure reducer, and the view that follows from the state.
 *
 * One literal of the whole state (a phone that rings):
 *   { seq: 12, run: "9f..", skew_ms: 3, linked: true, elsewhere: false, trouble: null,
 *     farewell: null, state: "ringing", taking: true, reach: "page", why: null, next_ms: 0,
 *     testing: false, accepting: null,
 *     offer: {id, help_request, languages: ["da"], topic: "reading", call_back: false,
 *             question: null, since_ms, deadline_ms, shown: true},
 *     help_request: null, call: null, gap: false, missing: {mine: 0, theirs: 0}, last_offer: null,
 *     ended: null }
 */

/**
 * @import { CallView, EndReason, OfferEnded, OfferView, Reach, Server, VolunteerSnapshot,
 *   VolunteerState as Doing, WhyAway } from "../protocol.js"
 */

import { NOBODY, missing } from "./missing.js";

/** @import { Missing } from "./missing.js" */

/**
 * @typedef {{id: string, why: "declined" | "missed" | "quicker" | "gone"}} LastOffer
 * @typedef {{call: string, peer: string | null, reason: EndReason | "unknown" | "put_back",
 *   practice?: boolean}} Ended
 * @typedef {{seq: number, state: Doing, taking: boolean, reach?: Reach, why: WhyAway | null,
 *   next_ms?: number}} Stand
 * @typedef {{
 *   seq: number, run: string, skew_ms: number, linked: boolean, elsewhere: boolean,
 *   trouble: string | null, farewell: string | null, state: Doing, taking: boolean, reach: Reach,
 *   why: WhyAway | null, next_ms: number, testing: boolean, accepting: string | null, offer: OfferView | null, help_request: string | null,
 *   call: CallView | null, gap: boolean, missing: Missing, last_offer: LastOffer | null, ended: Ended | null, unmet: boolean,
 *   practising: boolean,
 * }} VolunteerState `practising`: not in a call yet, but before the door of one
 * @typedef {{type: "local.testing", on: boolean} | {type: "local.trouble", why: string | null}
 *   | {type: "local.accept", offer: string} | {type: "local.back"} | {type: "local.gap", gap: boolean}
 *   | {type: "local.farewell", code: string} | {type: "local.link", up: boolean} | {type: "local.elsewhere", elsewhere: boolean}
 *   | {type: "local.practice", on: boolean}} Local
 * @typedef {"idle" | "practice" | "call" | "after" | "elsewhere"} VolunteerView
 */

/** @type {VolunteerState} */
export const NOTHING = {
  seq: -1, run: "", skew_ms: 0, linked: false, elsewhere: false, trouble: null, farewell: null,
  state: "away", taking: false, reach: "page", why: null, next_ms: 0, testing: false,
  accepting: null, offer: null, help_request: null, call: null, gap: false, missing: NOBODY,
  last_offer: null, ended: null, unmet: false, practising: false,
};

/**
 * @param {VolunteerState} state
 * @param {Server | Local} message
 * @param {number} now_ms
 * @returns {VolunteerState}
 */
export function reduce(state, message, now_ms = Date.now()) {
  const next = step(state, message, now_ms);
  const missed = missing(state.missing, next.call, next.gap, now_ms);
  return missed === next.missing ? next : { ...next, missing: missed };
}

/**
 * @param {VolunteerState} state
 * @param {Server | Local} message
 * @param {number} now_ms
 * @returns {VolunteerState}
 */
function step(state, message, now_ms) {
  switch (message.type) {
    case "snapshot.volunteer":
      return fromSnapshot(state, message, now_ms);
    case "volunteer.changed":
      return doing(state, message);
    case "offer.made":
      return ring(state, message.seq, message.offer);
    case "offer.timed":
      return timed(state, message);
    case "offer.ended":
      return { ...unrung(state, message.offer, message.why), ...pick(stood(message)) };
    case "call.changed":
      return called(state, message.seq, message.help_request, message.call);
    case "call.ended":
      return { ...over(state, message.call, message.reason ?? "put_back"), ...pick(stood(message)) };
    case "pulse":
      return { ...state, skew_ms: message.now_ms - now_ms };
    case "refused":
      return refused(state, message.code, message.about);
    default:
      return local(state, message);
  }
}

/**
 * @param {VolunteerState} state
 * @param {Server | Local} message
 * @returns {VolunteerState}
 */
function local(state, message) {
  switch (message.type) {
    case "local.testing":
      return { ...state, testing: message.on, trouble: null };
    case "local.trouble":
      return { ...state, testing: false, trouble: message.why };
    case "local.accept":
      return { ...state, accepting: message.offer };
    case "local.back":
      return { ...state, ended: null };
    case "local.farewell":
      return { ...state, farewell: message.code, state: "away", taking: false, offer: null };
    case "local.link":
      return { ...state, linked: message.up };
    case "local.elsewhere":
      return { ...state, elsewhere: message.elsewhere };
    case "local.practice":
      return { ...state, practising: message.on };
    case "local.gap":
      return { ...state, gap: message.gap };
    default:
      return state;
  }
}

/**
 * What a message says of the Volunteer; what it does not speak of stays as it was.
 * @param {Stand} message
 */
const pick = ({ seq, state, taking, why, reach, next_ms }) => ({
  seq, state, taking, why,
  ...(reach === undefined ? {} : { reach }),
  ...(next_ms === undefined ? {} : { next_ms }),
});

/**
 * @param {{seq: number, state: Doing, taking: boolean, away: WhyAway | null, next_ms?: number}} message
 * @returns {Stand}
 */
const stood = ({ away, ...rest }) => ({ ...rest, why: away });

/**
 * @param {VolunteerState} state
 * @param {Stand} message
 * @returns {VolunteerState}
 */
function doing(state, message) {
  return { ...state, ...pick(message), trouble: message.taking ? null : state.trouble };
}

/**
 * What the Snapshot no longer names has ended while the page did not listen.
 * @param {VolunteerState} state
 * @param {VolunteerSnapshot} message
 * @param {number} now_ms
 * @returns {VolunteerState}
 */
function fromSnapshot(state, message, now_ms) {
  /** @type {VolunteerState} */
  let next = { ...state, ...pick(message), farewell: null, run: message.run, skew_ms: message.now_ms - now_ms };
  if (state.offer && state.offer.id !== message.offer?.id && !message.call) {
    next = unrung(next, state.offer.id, "gone");
  }
  if (state.call && state.call.id !== message.call?.id) next = over(next, state.call.id, "unknown");
  const { offer, call, help_request } = message;
  const accepting = offer && offer.id === state.accepting ? state.accepting : null;
  return { ...next, offer, call, help_request, accepting, ended: call ? null : next.ended };
}

/**
 * @param {VolunteerState} state
 * @param {number} seq
 * @param {OfferView} offer
 * @returns {VolunteerState}
 */
function ring(state, seq, offer) {
  const rung = { offer, last_offer: null, accepting: null, unmet: false };
  // Whoever practises has just said so on an open page.
  const reach = offer.practice ? "page" : state.reach;
  return { ...state, seq, state: "ringing", why: null, reach, ...rung };
}

/**
 * @param {VolunteerState} state
 * @param {{seq: number, offer: string, deadline_ms: number}} message
 * @returns {VolunteerState}
 */
function timed(state, { seq, offer, deadline_ms }) {
  if (state.offer?.id !== offer) return { ...state, seq };
  return { ...state, seq, offer: { ...state.offer, deadline_ms, shown: true } };
}

/**
 * @param {VolunteerState} state
 * @param {string} id
 * @param {OfferEnded["why"]} why
 * @returns {VolunteerState}
 */
function unrung(state, id, why) {
  if (state.offer?.id !== id) return state;
  return { ...state, offer: null, accepting: null, last_offer: { id, why } };
}

/**
 * @param {VolunteerState} state
 * @param {number} seq
 * @param {string} help_request
 * @param {CallView} call
 * @returns {VolunteerState}
 */
function called(state, seq, help_request, call) {
  const next = { ...state, seq, help_request, call };
  const begun = { offer: null, accepting: null, last_offer: null, ended: null, unmet: false };
  if (call.practice) next.practising = false; // through the door: afterwards they are ready
  return { ...next, state: "in_call", why: null, ...begun };
}

/**
 * @param {VolunteerState} state
 * @param {string} call
 * @param {Ended["reason"]} reason
 * @returns {VolunteerState}
 */
function over(state, call, reason) {
  const peer = state.call?.peer ?? null;
  // A call-back that the person never began was no Call: there is nothing to ask about.
  const unmet = state.call?.state === "confirming";
  const practice = state.call?.practice ? { practice: true } : {};
  const ended = unmet ? null : { call, peer, reason, ...practice };
  return { ...state, call: null, help_request: null, elsewhere: false, ended, unmet };
}

/**
 * A refused accept closes the ring with a friendly word; a refused start is said where it began.
 * @param {VolunteerState} state
 * @param {string} code
 * @param {string | null} about
 * @returns {VolunteerState}
 */
function refused(state, code, about) {
  if (about === "offer.accept" && state.offer && (code === "quicker" || code === "too_late")) {
    return unrung(state, state.offer.id, code === "quicker" ? "quicker" : "missed");
  }
  const trouble = about === "calls.start" || code === "promise_needed" ? code : state.trouble;
  return { ...state, trouble, ...(about === "offer.accept" ? { accepting: null } : {}) };
}

/**
 * Is this Volunteer rung, and if not, why? The key of the sentence that says it.
 * @param {VolunteerState} state
 */
export function standing({ taking, why, reach }) {
  if (!taking) return why === "missed" ? "why.missed" : "presence.stopped";
  if (why && why !== "chosen") return `why.${why}`;
  return reach === "push" ? "presence.push" : "presence.taking";
}

/**
 * @param {VolunteerState} state
 * @returns {VolunteerView}
 */
export function view(state) {
  if (state.elsewhere) return "elsewhere";
  if (state.call) return "call";
  if (state.ended) return "after";
  return state.practising ? "practice" : "idle";
}
