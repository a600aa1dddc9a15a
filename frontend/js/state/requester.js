/**
 * What does the Requester's page know? A pure reducer, and the view that follows from the state.
 *
 * One literal of the whole state (a call that Noor answered):
 *   { seq: 7, run: "9f..", skew_ms: -12, linked: true, elsewhere: false, trouble: null,
 *     preparing: false, want: {camera: true, microphone: true},
 *     help: {id, state: "in_call", since_ms, asked: 3, reachable: 4,
 *            call: {id, state, peer: "Noor", since_ms, mine: "up", theirs: "up"}},
 *     ended: null }
 */

/** @import { HelpView, CallView, RequesterSnapshot, Server, EndReason } from "../protocol.js" */

/**
 * @typedef {{camera: boolean, microphone: boolean}} Want what the person asks with
 * @typedef {{call: string | null, peer: string | null, reason: EndReason | "unknown"}} Ended
 * @typedef {{
 *   seq: number, run: string, skew_ms: number, linked: boolean, elsewhere: boolean,
 *   trouble: string | null, preparing: boolean, want: Want | null,
 *   help: HelpView | null, ended: Ended | null,
 * }} RequesterState
 * @typedef {{type: "local.prepare"} | {type: "local.want", want: Want}
 *   | {type: "local.trouble", why: string} | {type: "local.back"}
 *   | {type: "local.link", up: boolean} | {type: "local.elsewhere", elsewhere: boolean}} Local
 * @typedef {"start" | "waiting" | "call" | "after" | "elsewhere"} RequesterView
 */

/** @type {RequesterState} */
export const NOTHING = {
  seq: -1, run: "", skew_ms: 0, linked: false, elsewhere: false,
  trouble: null, preparing: false, want: null, help: null, ended: null,
};

/**
 * @param {RequesterState} state
 * @param {Server | Local} message
 * @param {number} now_ms the page's clock, to learn how far the server's is from it
 * @returns {RequesterState}
 */
export function reduce(state, message, now_ms = Date.now()) {
  switch (message.type) {
    case "snapshot.requester":
      return fromSnapshot(state, message, now_ms);
    case "help.changed":
      return { ...state, seq: message.seq, help: message.help_request, ...ASKED };
    case "call.changed":
      return withCall(state, message.seq, message.help_request, message.call);
    case "help.ended":
      return { ...over(state, message.call, message.reason), seq: message.seq };
    case "pulse":
      return { ...state, skew_ms: message.now_ms - now_ms };
    case "refused":
      return refused(state, message.code, message.about);
    default:
      return local(state, message);
  }
}

const ASKED = { preparing: false, ended: null, trouble: null };

/**
 * @param {RequesterState} state
 * @param {Server | Local} message
 * @returns {RequesterState}
 */
function local(state, message) {
  switch (message.type) {
    case "local.prepare":
      return { ...state, preparing: true, trouble: null, ended: null, want: null };
    case "local.want":
      return { ...state, want: message.want };
    case "local.trouble":
      return { ...state, preparing: false, want: null, trouble: message.why };
    case "local.back":
      return { ...state, preparing: false, want: null, ended: null, trouble: null };
    case "local.link":
      return { ...state, linked: message.up };
    case "local.elsewhere":
      return { ...state, elsewhere: message.elsewhere };
    default:
      return state;
  }
}

/**
 * A Snapshot without the person's HelpRequest is not its end: the page asks again with its
 * receipt (`unasked`), and the server says whether it is over.
 * @param {RequesterState} state
 * @param {RequesterSnapshot} message
 * @param {number} now_ms
 * @returns {RequesterState}
 */
function fromSnapshot(state, message, now_ms) {
  const { seq, run, help_request: help } = message;
  const known = { ...state, seq, run, skew_ms: message.now_ms - now_ms };
  if (help) return { ...known, help, ...ASKED };
  if (!state.help) return known;
  const gone = over(known, state.help.call?.id ?? null, "unknown");
  return { ...gone, want: state.want };
}

/**
 * @param {RequesterState} state
 * @param {number} seq
 * @param {string} help_request
 * @param {CallView} call
 * @returns {RequesterState}
 */
function withCall(state, seq, help_request, call) {
  if (state.help?.id !== help_request) return { ...state, seq };
  return { ...state, seq, help: { ...state.help, state: call.state, call } };
}

/**
 * @param {RequesterState} state
 * @param {string | null} call
 * @param {EndReason | "unknown"} reason
 * @returns {RequesterState}
 */
function over(state, call, reason) {
  const peer = state.help?.call?.peer ?? null;
  const ended = { call, peer, reason };
  return { ...state, help: null, want: null, preparing: false, elsewhere: false, ended };
}

/**
 * Only a refused ask changes what is true here; the page says the others and goes on.
 * @param {RequesterState} state
 * @param {string} code
 * @param {string | null} about
 * @returns {RequesterState}
 */
function refused(state, code, about) {
  if (about !== "help.ask" || state.help) return state;
  if (code === "try_again") return state;
  return { ...state, preparing: false, want: null, trouble: code };
}

/**
 * @param {RequesterState} state
 * @returns {RequesterView}
 */
export function view(state) {
  if (state.elsewhere) return "elsewhere";
  if (inCall(state)) return "call";
  if (state.help || state.preparing || state.want) return "waiting";
  return state.ended?.call ? "after" : "start";
}

/** @param {RequesterState} state */
export function inCall(state) {
  return state.help?.state === "connecting" || state.help?.state === "in_call";
}

/**
 * Must the page ask (again)? It knows of a wish that the server does not.
 * @param {RequesterState} state
 */
export function unasked(state) {
  return state.want !== null && state.help === null && !state.elsewhere;
}
