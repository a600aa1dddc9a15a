// Written by `manage.py protocol` from assist/protocol. Change that, not this.

/** Whom a Requester wants to be asked. */
export type Among = "circle" | "circle_first" | "anyone";

/** Why a HelpRequest ended: exactly one for each, with a sentence that says it. A Call of one
that goes on has an end of its own, too. */
export type EndReason = "cancelled" | "requester_ended" | "volunteer_ended" | "requester_blocked" | "volunteer_blocked" | "requester_lost" | "volunteer_lost" | "could_not_connect" | "suspended" | "service_stopped" | "expired" | "handed_over";

/** Where a HelpRequest stands. */
export type HelpState = "waiting" | "ringing" | "connecting" | "in_call" | "parked" | "confirming" | "ended";

/** How one person's connection to the relay stands. */
export type LegState = "new" | "connecting" | "up" | "lost" | "closed";

/** How an Offer stands, or how it ended. */
export type OfferState = "pending" | "accepted" | "declined" | "missed" | "withdrawn";

/** How a Volunteer can be rung now. */
export type Reach = "page" | "push";

/** Stable codes of what the server says no to; the sentence is the page's language. */
export type Refusal = "malformed" | "too_large" | "out_of_turn" | "unknown_id" | "too_often" | "code_needed" | "quicker" | "too_late" | "bad_description" | "no_relay" | "busy" | "signed_out" | "suspended" | "promise_needed" | "closed" | "try_again";

/** The side of a Call on which a person stands. */
export type Role = "requester" | "volunteer";

/** What a HelpRequest is about, if the Requester cares to say. */
export type Topic = "reading" | "technology" | "cooking" | "finding" | "indoors";

/** What a Volunteer does just now. */
export type VolunteerState = "away" | "available" | "ringing" | "in_call" | "wrapping_up";

/** Why a Volunteer is not being rung. */
export type WhyAway = "chosen" | "asleep" | "snoozed" | "missed" | "gone" | "suspended";

/** Why a Volunteer handed over: somebody who ... is looked for. */
export type WhyHanded = "must_go" | "language" | "topic";

/** Both connections of a Call as one of its two sees them; null where nothing is known. */
export interface CallQuality {
  mine: LegQuality | null;
  theirs: LegQuality | null;
}

/** One line of the Coordinator's table Calls. */
export interface CallRow {
  call: string;
  state: HelpState;
  volunteer: string;
  since_ms: number;
  requester_leg: LegState;
  volunteer_leg: LegState;
  requester_quality: LegQuality | null;
  volunteer_quality: LegQuality | null;
}

/** The Call as one of its two people sees it. `peer`: the other's name, if they have one here.

`braille`: the other reads braille, so short sentences, and a moment for each. `handed`: another
Volunteer has helped before, and handed over. `practice`: the Volunteer's own page plays the
other. */
export interface CallView {
  id: string;
  state: HelpState;
  peer: string | null;
  braille: boolean;
  handed: boolean;
  practice: boolean;
  since_ms: number;
  mine: LegState;
  theirs: LegState;
}

/** The last Call that a Volunteer handed over, why, and when. */
export interface HandedView {
  call: string;
  why: WhyHanded;
  at_ms: number;
}

/** A HelpRequest as its Requester sees it. `reachable`: free Volunteers when it was asked.

`first_until_ms`: until then the Volunteer whom they would like again is asked alone; 0: nobody.
`handed`: they were handed over, and stand in front again. */
export interface HelpView {
  id: string;
  state: HelpState;
  since_ms: number;
  asked: number;
  reachable: number;
  among: Among;
  topic: Topic | null;
  languages: string[];
  question: boolean;
  first_until_ms: number;
  handed: HandedView | null;
  call?: CallView | null;
}

/** A way to the relay for a network that blocks UDP, as browsers take it; good for one Leg. */
export interface IceServer {
  urls: string[];
  username: string;
  credential: string;
}

/** How one person's connection has been in the last few seconds. Numbers, and nothing else.

`lost_share`: of the packets that should have come, 0 to 1. `width`, `height`, `frames_s`: of
the moving picture that this page sends or receives, 0 without one. `freezes`: of it, here. */
export interface LegQuality {
  sent_kbit_s: number;
  received_kbit_s: number;
  lost_share: number;
  round_trip_ms: number | null;
  width: number;
  height: number;
  frames_s: number;
  freezes: number;
}

/** A ring as the Volunteer sees it. `since_ms`: when the person first asked.

`call_back`: the person was parked; they are rung after the Volunteer accepts. `again`: the
two have talked a moment ago, and the person would like to go on with this Volunteer.
`handed`: another Volunteer has helped so far, and hands over.
`name`: what they would like to be called. `braille`: they read braille. `practice`: nobody
needs help, the Volunteer's own page plays who asks. */
export interface OfferView {
  id: string;
  help_request: string;
  name: string | null;
  braille: boolean;
  practice: boolean;
  languages: string[];
  topic: Topic | null;
  call_back: boolean;
  again: boolean;
  handed: boolean;
  question: string | null;
  since_ms: number;
  deadline_ms: number;
  shown: boolean;
}

/** One line of the Coordinator's table Relays. `load` is the share of one core. */
export interface RelayRow {
  relay: string;
  address: string;
  load: number;
  legs: number;
}

/** One line of the Coordinator's table Volunteers. `practising`: it is no real ring or call. */
export interface VolunteerRow {
  name: string;
  state: VolunteerState;
  practising: boolean;
  languages: string[];
  since_ms: number;
}

/** One line of the Coordinator's table Waiting. */
export interface WaitingRow {
  help_request: string;
  state: HelpState;
  languages: string[];
  since_ms: number;
  asked: number;
  ringing: number;
}

/** Ask for help, or ask again with the receipt of the first time.

`later`: do not ring for me while I stand here, call me back; also when the house is closed.
`again`: a Call that has just ended; ask its Volunteer first, and for a moment nobody else.
`name`, `braille`: what the Volunteer may call me, and that I read what they type. */
export interface HelpAsk {
  type: "help.ask";
  languages: string[];
  camera: boolean;
  microphone: boolean;
  receipt?: string | null;
  among?: Among;
  topic?: Topic | null;
  later?: boolean;
  again?: string | null;
  name?: string | null;
  braille?: boolean;
}

/** Call me back, with a question for later or without. Also right after an ask. */
export interface HelpPark {
  type: "help.park";
  help_request: string;
  question?: string | null;
}

/** Ask in this language, too; those who speak it are rung at once. */
export interface HelpWiden {
  type: "help.widen";
  help_request: string;
  language: string;
}

/** In which other languages could somebody be asked now? The answer is `help.others`. */
export interface OthersGet {
  type: "others.get";
  help_request: string;
}

/** I am here: a Volunteer answers my parked request, the call may begin. */
export interface HelpConfirm {
  type: "help.confirm";
  help_request: string;
}

/** Stop asking; nobody has answered yet. */
export interface HelpCancel {
  type: "help.cancel";
  help_request: string;
}

/** Hang up. `call`: on whom, for another may have answered since. */
export interface CallEnd {
  type: "call.end";
  help_request: string;
  call?: string | null;
}

/** Hang up, and never be connected with the other one of this Call again. */
export interface CallBlock {
  type: "call.block";
  help_request: string;
  call?: string | null;
}

/** Look for somebody else for this person, who keeps their place and their connection.

`language`, `topic`: somebody who speaks this, or knows of that; neither: I must go. */
export interface CallHandOver {
  type: "call.hand_over";
  help_request: string;
  language?: string | null;
  topic?: Topic | null;
}

/** How many others could be asked now if I handed over so? The answer is `call.free`.

`language`, `topic`: as in `call.hand_over`. */
export interface FreeGet {
  type: "free.get";
  help_request: string;
  language?: string | null;
  topic?: Topic | null;
}

/** The Volunteer takes calls from now on. */
export interface CallsStart {
  type: "calls.start";
}

/** The Volunteer takes no more calls. */
export interface CallsStop {
  type: "calls.stop";
}

/** The ring is on the Volunteer's screen: from here on its time counts. */
export interface OfferShown {
  type: "offer.shown";
  offer: string;
}

/** The Volunteer takes this call. */
export interface OfferAccept {
  type: "offer.accept";
  offer: string;
}

/** Not now. */
export interface OfferDecline {
  type: "offer.decline";
  offer: string;
}

/** Open (or replace) my connection to the relay for this HelpRequest. */
export interface LegOpen {
  type: "leg.open";
  help_request: string;
}

/** My answer to the relay's description with this number. */
export interface LegAnswer {
  type: "leg.answer";
  help_request: string;
  number: number;
  description: string;
}

/** My connection to the relay still lives: fresh credentials for its ICE servers, please. */
export interface LegRenew {
  type: "leg.renew";
  help_request: string;
}

/** How my connection to the relay has been. Each 5 s of a Call; there is no answer. */
export interface LegReport {
  type: "leg.report";
  help_request: string;
  quality: LegQuality;
}

/** I am still here; `hidden` says that the page is not on the screen. Each 5 s. */
export interface Beat {
  type: "beat";
  hidden?: boolean;
}

/** Tell me all that is true now: I saw a gap, or heard nothing for a while. */
export interface SnapshotGet {
  type: "snapshot.get";
}

/** All that is true for this Requester. */
export interface RequesterSnapshot {
  type: "snapshot.requester";
  seq: number;
  now_ms: number;
  run: string;
  help_request: HelpView | null;
  quality: CallQuality | null;
}

/** All that is true for this Volunteer. `taking`: they want calls after this one too.

`next_ms`: until then they are first in the next Wave that fits, 0 if they are not. */
export interface VolunteerSnapshot {
  type: "snapshot.volunteer";
  seq: number;
  now_ms: number;
  run: string;
  state: VolunteerState;
  taking: boolean;
  reach: Reach;
  why: WhyAway | null;
  next_ms: number;
  offer: OfferView | null;
  help_request: string | null;
  call: CallView | null;
  quality: CallQuality | null;
}

/** The Requester's share of the truth: with it they ask again after any outage. */
export interface HelpReceipt {
  type: "help.receipt";
  help_request: string;
  receipt: string;
}

/** The HelpRequest moved outside a Call: asked, ringing, waiting again, parked. */
export interface HelpChanged {
  type: "help.changed";
  seq: number;
  help_request: HelpView;
}

/** Languages to ask in, too: somebody free speaks them, or they were before a hand-over. */
export interface HelpOthers {
  type: "help.others";
  help_request: string;
  languages: string[];
}

/** The HelpRequest is over, and why. */
export interface HelpEnded {
  type: "help.ended";
  seq: number;
  help_request: string;
  call: string | null;
  reason: EndReason;
}

/** A Call began or moved on: accepted, connected, a Leg lost or back. */
export interface CallChanged {
  type: "call.changed";
  seq: number;
  help_request: string;
  call: CallView;
}

/** The Volunteer is away, available or wrapping up now. */
export interface VolunteerChanged {
  type: "volunteer.changed";
  seq: number;
  state: VolunteerState;
  taking: boolean;
  reach: Reach;
  why: WhyAway | null;
}

/** Someone needs help: ring. */
export interface OfferMade {
  type: "offer.made";
  seq: number;
  offer: OfferView;
}

/** The ring is on a screen; it ends at this time. */
export interface OfferTimed {
  type: "offer.timed";
  seq: number;
  offer: string;
  deadline_ms: number;
}

/** The ring is over without this Volunteer. `why` says how it was for them. */
export interface OfferEnded {
  type: "offer.ended";
  seq: number;
  offer: string;
  outcome: OfferState;
  why: "declined" | "gone" | "missed" | "quicker";
  state: VolunteerState;
  taking: boolean;
  away: WhyAway | null;
  next_ms: number;
}

/** The Volunteer's part in the Call is over. `reason` is null when the person was put back. */
export interface CallEnded {
  type: "call.ended";
  seq: number;
  help_request: string;
  call: string;
  reason: EndReason | null;
  state: VolunteerState;
  taking: boolean;
  away: WhyAway | null;
}

/** How many others could be asked now, counted up to 20, if the person were handed over so.

`language`, `topic`: what the page wanted to know of. `fit`: how many of these take calls about
what is asked for. After a hand-over for a topic they come first, and then the others. */
export interface CallFree {
  type: "call.free";
  help_request: string;
  language: string | null;
  topic: Topic | null;
  free: number;
  fit: number;
}

/** The answer to `beat`: the last number, so that a missed message is noticed. */
export interface Pulse {
  type: "pulse";
  seq: number;
  now_ms: number;
}

/** The relay's description for the Leg that was asked for; answer it with this number.

Where there are `ice_servers`, send `leg.renew` each `renew_ms` for as long as the Leg lives. */
export interface LegDescription {
  type: "leg.description";
  help_request: string;
  number: number;
  description: string;
  ice_servers: IceServer[];
  renew_ms: number;
}

/** The relay took the answer. */
export interface LegAnswered {
  type: "leg.answered";
  help_request: string;
  number: number;
}

/** Fresh credentials for a Leg that lives. */
export interface LegServers {
  type: "leg.servers";
  help_request: string;
  ice_servers: IceServer[];
}

/** The server says no: nothing changed. `about` is the type of the message refused. */
export interface Refused {
  type: "refused";
  code: Refusal;
  text: string;
  about: string | null;
}

/** Somebody whom this Volunteer has helped left a thank-you: it stands at `/thanks/`. */
export interface ThanksHere {
  type: "thanks.here";
}

/** The connection is closed after this, for the reason named. */
export interface Goodbye {
  type: "goodbye";
  code: "forgotten" | "restarting" | "service_stopped" | "signed_out" | "suspended";
  text: string;
}

/** All that a Coordinator sees, no people's calls. `joining`: that people wait to be let in. */
export interface Queue {
  type: "queue";
  now_ms: number;
  joining: string;
  waiting: WaitingRow[];
  calls: CallRow[];
  volunteers: VolunteerRow[];
  relays: RelayRow[];
}

/** What a page may send. */
export type Client =
  | HelpAsk
  | HelpPark
  | HelpWiden
  | OthersGet
  | HelpConfirm
  | HelpCancel
  | CallEnd
  | CallBlock
  | CallHandOver
  | FreeGet
  | CallsStart
  | CallsStop
  | OfferShown
  | OfferAccept
  | OfferDecline
  | LegOpen
  | LegAnswer
  | LegRenew
  | LegReport
  | Beat
  | SnapshotGet;

/** What the server sends. */
export type Server =
  | RequesterSnapshot
  | VolunteerSnapshot
  | HelpReceipt
  | HelpChanged
  | HelpOthers
  | HelpEnded
  | CallChanged
  | VolunteerChanged
  | OfferMade
  | OfferTimed
  | OfferEnded
  | CallEnded
  | CallFree
  | Pulse
  | LegDescription
  | LegAnswered
  | LegServers
  | Refused
  | ThanksHere
  | Goodbye
  | Queue;
