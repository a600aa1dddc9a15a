/**
 * What does the Requester's page know? A pure reducer, and the view that follows from the state.
 *
 * One literal of the whole state (a call that Noor answered):
 *   { seq: 7, run: "9f..", skew_ms: -12, linked: true, elsewhere: false, trouble: null,
 *     preparing: false, closed: "",
 *     want: {camera: true, microphone: true, among: "circle_first", topic: null, later: false,
 *            again: null, languages: ["en"]},
 *     help: {id, state: "in_call", since_ms, asked: 3, reachable: 4, among: "circle_first",
 *            topic: null, languages: ["en"], question: false, first_until_ms: 0, handed: null,
 *            call: {id, state, peer: "Noor", since_ms, mine: "up", theirs: "up"}},
 *     handed: null, others: [], gap: false, missing: {mine: 0, theirs: 0}, ended: null, met: null }
 */

/**
 * @import { Among, CallView, EndReason, HelpState, HelpView, Refused, RequesterSnapshot, Server,
 *   Topic } from "../protocol.js"
 */

import { NOBODY, missing } from "./missing.js";

/** @import { Note } from "../call/words_between.js" */
/** @import { Missing } from "./missing.js" */

/**
 * @typedef {{among: Among, topic: Topic | null, again?: string | null}} Wishes whom to ask, about
 *   what; `again`: the Call whose Volunteer is asked first
 * @typedef {Wishes & {camera: boolean, microphone: boolean, later: boolean, languages?: string[]}} Want
 *   what the person asks with; `later`: not now, to be called back; `languages`: once it is known in
 *   which ones the house asks
 * @typedef {{call: string, peer: string, until_ms: number}} Met who can be called again until then,
 *   by the page's clock
 * @typedef {{call: string, peer: string | null}} Helper a Volunteer of this HelpRequest, in which Call
 * @typedef {Helper & {note: string, before: Helper[]}} Handed by whom; what they wrote to the next one
 *   is known to this page alone, until that one is gone, too; `before`: who had handed over to them
 * @typedef {{call: string | null, peer: string | null, reason: EndReason | "unknown", before: Helper[]}} Ended
 *   `before`: who had helped before that Call, the first first
 * @typedef {{
 *   seq: number, run: string, skew_ms: number, linked: boolean, elsewhere: boolean,
 *   trouble: string | null, closed: string, preparing: boolean, want: Want | null,
 *   help: HelpView | null, handed: Handed | null, others: string[], gap: boolean, missing: Missing, ended: Ended | null,
 *   met: Met | null,
 * }} RequesterState `others`: languages in which somebody else could be asked, the best first
 * @typedef {{type: "local.prepare"} | {type: "local.want", want: Want | null}
 *   | {type: "local.trouble", why: string} | {type: "local.back"}
 *   | {type: "local.closed", text: string} | {type: "local.gap", gap: boolean}
 *   | {type: "local.hand", note: string} | {type: "local.met", met: Met} | {type: "local.link", up: boolean} | {type: "local.elsewhere", elsewhere: boolean}} Local
 * @typedef {"start" | "waiting" | "parked" | "call" | "after" | "elsewhere"} RequesterView
 */

/** @type {RequesterState} */
export const NOTHING = {
  seq: -1, run: "", skew_ms: 0, linked: false, elsewhere: false,
  trouble: null, closed: "", preparing: false, want: null, help: null,
  handed: null, others: [], gap: false, missing: NOBODY, ended: null, met: null,
};

// As long as the house remembers whom they have met.
const AGAIN_MS = 600_000;
// So long a wait is one of its own: from here on the person may choose something else.
const CHOICE_MS = 30_000;

/**
 * @param {RequesterState} state
 * @param {Server | Local} message
 * @param {number} now_ms the page's clock, to learn how far the server's is from it
 * @returns {RequesterState}
 */
export function reduce(state, message, now_ms = Date.now()) {
  const next = step(state, message, now_ms);
  const missed = missing(state.missing, next.help?.call, next.gap, now_ms);
  return missed === next.missing ? next : { ...next, missing: missed };
}

/**
 * @param {RequesterState} state
 * @param {Server | Local} message
 * @param {number} now_ms
 * @returns {RequesterState}
 */
function step(state, message, now_ms) {
  switch (message.type) {
    case "snapshot.requester":
      return fromSnapshot(state, message, now_ms);
    case "help.changed":
      return outside(state, message.seq, message.help_request);
    case "call.changed":
      return withCall(state, message.seq, message.help_request, message.call);
    case "help.ended":
      return { ...over(state, message.call, message.reason, now_ms), seq: message.seq };
    case "help.others":
      return state.help?.id === message.help_request ? { ...state, others: message.languages } : state;
    case "pulse":
      return { ...state, skew_ms: message.now_ms - now_ms };
    case "refused":
      return refused(state, message);
    default:
      return local(state, message);
  }
}

const ASKED = { preparing: false, ended: null, trouble: null };

/**
 * @param {RequesterState} state
 * @param {number} seq
 * @param {HelpView} help
 * @returns {RequesterState}
 */
function outside(state, seq, help) {
  const others = state.others.filter((each) => !help.languages.includes(each));
  const want = wantIn(state.want, help.state);
  const handed = handedIn(state, help);
  return { ...state, seq, help, handed, others, ...ASKED, want: want && { ...want, languages: help.languages } };
}

/**
 * The house says that it happened; whose note it was, and what stood in it, only this page knows.
 * @param {RequesterState} state
 * @param {HelpView} help
 * @returns {Handed | null}
 */
function handedIn({ help: before, handed: known }, { handed, call }) {
  if (known && (known.call === call?.id || known.call === handed?.call)) return known;
  if (!handed) return null;
  const peer = before?.call?.id === handed.call ? before.call.peer : null;
  return { call: handed.call, peer, note: "", before: helpers(known, handed.call) };
}

/**
 * Who has helped before this Call.
 * @param {Handed | null} handed
 * @param {string | null} call
 * @returns {Helper[]}
 */
function helpers(handed, call) {
  if (!handed || handed.call === call) return handed?.before ?? [];
  return [...handed.before, { call: handed.call, peer: handed.peer }];
}

/**
 * What the Volunteer of this Call should see of the one before.
 * @param {RequesterState} state
 * @returns {Note | null}
 */
export function toPassOn({ help, handed }) {
  if (!help?.call || !handed?.note || help.handed?.call !== handed.call) return null;
  return { t: "note", text: handed.note };
}

/**
 * Should the house forget everything, the page asks for what it had: a call-back stays one.
 * @param {Want | null} want
 * @param {HelpState} state
 * @returns {Want | null}
 */
const wantIn = (want, state) => want && { ...want, later: state === "parked" || state === "confirming" };

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
    case "local.closed":
      return { ...state, closed: message.text };
    case "local.hand": {
      const call = state.help?.call;
      if (!call) return state;
      const before = helpers(state.handed, call.id);
      return { ...state, handed: { call: call.id, peer: call.peer, note: message.note, before } };
    }
    case "local.met":
      return { ...state, met: message.met };
    case "local.link":
      return { ...state, linked: message.up };
    case "local.elsewhere":
      return { ...state, elsewhere: message.elsewhere };
    case "local.gap":
      return { ...state, gap: message.gap };
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
  if (help) return outside(known, seq, help);
  if (!state.help) return known;
  const gone = over(known, state.help.call?.id ?? null, "unknown", now_ms);
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
  const want = wantIn(state.want, call.state);
  return { ...state, seq, want, closed: "", help: { ...state.help, state: call.state, call } };
}

/**
 * @param {RequesterState} state
 * @param {string | null} call
 * @param {EndReason | "unknown"} reason
 * @param {number} now_ms
 * @returns {RequesterState}
 */
function over(state, call, reason, now_ms) {
  // A call-back that was never begun was no Call: nothing to ask about, nobody to name.
  const begun = state.help?.state !== "confirming";
  const peer = begun ? (state.help?.call?.peer ?? null) : null;
  /** @type {Ended} */
  const ended = { call: begun ? call : null, peer, reason: begun ? reason : unbegun(reason), before: [] };
  // Who has just been blocked is not offered again, also where they had met before.
  const met = reason === "requester_blocked" ? null : (metIn(ended, now_ms) ?? state.met);
  // Nobody came after whoever handed over: it is that Call which can be spoken of.
  if (begun && !call) [ended.call, ended.peer] = [state.handed?.call ?? null, state.handed?.peer ?? null];
  ended.before = helpers(state.handed, ended.call);
  const idle = { help: null, handed: null, others: [], want: null, preparing: false, elsewhere: false };
  return { ...state, ...idle, ended, met };
}

/**
 * @param {Ended} ended
 * @param {number} now_ms
 * @returns {Met | null}
 */
function metIn({ call, peer }, now_ms) {
  if (!call || !peer) return null;
  return { call, peer, until_ms: now_ms + AGAIN_MS };
}

/**
 * @param {Ended["reason"]} reason
 * @returns {Ended["reason"]}
 */
const unbegun = (reason) => (reason === "requester_ended" ? "cancelled" : reason);

/**
 * Only a refused ask changes what is true here; the page says the others and goes on.
 * @param {RequesterState} state
 * @param {Refused} message
 * @returns {RequesterState}
 */
function refused(state, { code, about, text }) {
  if (about !== "help.ask" || state.help) return state;
  if (code === "try_again") return state;
  const closed = code === "closed" ? text : state.closed;
  return { ...state, preparing: false, want: null, trouble: code, closed };
}

/**
 * @param {RequesterState} state
 * @returns {RequesterView}
 */
export function view(state) {
  if (state.elsewhere) return "elsewhere";
  if (inCall(state)) return "call";
  if (isLater(state.help)) return "parked";
  if (state.help || state.preparing || state.want) return "waiting";
  return state.ended?.call ? "after" : "start";
}

/** @param {RequesterState} state */
export function inCall(state) {
  return state.help?.state === "connecting" || state.help?.state === "in_call";
}

/**
 * Waits without a camera: for a call-back, or for the person's own "Start the call".
 * @param {HelpView | null} help
 */
export function isLater(help) {
  return help?.state === "parked" || help?.state === "confirming";
}

/**
 * Must the screen stay on? A page that sleeps rings nobody; a question may wait for days.
 * @param {RequesterState} state
 */
export function needsScreen(state) {
  if (state.help?.state === "parked") return !state.help.question;
  return state.help !== null || state.preparing || state.want !== null;
}

/**
 * May the person choose something else than to keep waiting? At once when nobody can be asked.
 * @param {HelpView} help
 * @param {number} waited_ms
 */
export function mayChoose(help, waited_ms) {
  if (help.state !== "waiting" && help.state !== "ringing") return false;
  return help.reachable === 0 || waited_ms >= CHOICE_MS;
}

/**
 * Must the page ask (again)? It knows of a wish that the server does not.
 * @param {RequesterState} state
 */
export function unasked(state) {
  return state.want !== null && state.help === null && !state.elsewhere;
}
