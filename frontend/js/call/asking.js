/** How does a wish for help begin, survive an outage, and end? */

/**
 * @import { Client, HelpView, Server } from "../protocol.js"
 * @import { Mark } from "../net/holder.js"
 * @import { News } from "../net/link.js"
 * @import { Receipts } from "../net/receipt.js"
 * @import { Local, RequesterState, Want, Wishes } from "../state/requester.js"
 * @import { Saying } from "../state/says.js"
 * @import { Opened } from "./devices.js"
 * @import { RequesterSide } from "./requester_side.js"
 */

import { inCall, isLater, unasked } from "../state/requester.js";
import { Leaving } from "./leaving.js";

const TRY_AGAIN_MS = 2_000;
const LINK_MS = 4_000; // a slow line needs almost two seconds to begin
// Whoever has left is asked for no more, also when the house knows of no end that the page could hear.
const LEFT = /** @type {Local} */ ({ type: "local.want", want: null });

/**
 * @typedef {{
 *   store: {get: () => RequesterState, dispatch: (message: Local) => void},
 *   side: RequesterSide,
 *   send: (message: Client) => boolean,
 *   tell: (saying: Saying) => void,
 *   receipts: Receipts,
 *   mark: Mark,
 *   hold: () => void,
 *   languages: string[],
 *   me: () => {name: string | null, braille: boolean},
 *   wishes: () => Wishes,
 *   closed: () => Promise<string>,
 *   isCircleEmpty: () => Promise<boolean>,
 * }} AskingParts
 */

export class Asking {
  /** @type {Promise<unknown> | null} the person's answer to the browser's question */
  #opening = null;
  #ready = false;
  #timer = 0;
  #cancelled = false;
  /** @type {string | null} the call-back that the person is starting now */
  #starting = null;
  /** A question that waits for the house to know of the wish. */
  #question = "";
  #looking = false;
  /** @type {string | null} the wish that was told that all lines are in use */
  #crowdedOut = null;

  /** @param {AskingParts} parts */
  constructor(parts) {
    this.parts = parts;
    this.leaving = new Leaving(parts.send);
  }

  /** The person pressed the button: explain, open camera and microphone, ask. */
  async begin() {
    const { store, tell, hold, wishes } = this.parts;
    if (store.get().preparing || store.get().want || (await this.#isInVain())) return;
    hold();
    this.#cancelled = false;
    this.#question = "";
    store.dispatch({ type: "local.prepare" });
    tell({ key: this.parts.side.prepares(true), topic: "asked" });
    const opened = await this.#open();
    if (!store.get().preparing) return this.parts.side.close();
    const [camera, microphone] = [opened.camera !== null, opened.microphone !== null];
    if (!camera && !microphone) return this.#nothing(opened);
    this.#missing(opened);
    this.#want({ camera, microphone, later: false, ...wishes() });
  }

  /** Nobody could be asked: that is said before the browser asks for the camera. */
  async #isInVain() {
    if (this.#looking) return true;
    this.#looking = true;
    const inVain = (await this.#isClosed()) || (await this.#hasNobody());
    this.#looking = false;
    return inVain;
  }

  async #isClosed() {
    const { store, closed } = this.parts;
    const text = await closed();
    if (store.get().want) return true; // "Call me back" was pressed meanwhile
    this.#isNow(text);
    if (text) this.#inTrouble("closed");
    return text !== "";
  }

  /** "Only my circle", and there is nobody in it: not now, and not later. */
  async #hasNobody() {
    const { store, wishes, isCircleEmpty } = this.parts;
    if (wishes().among !== "circle" || !(await isCircleEmpty())) return false;
    if (!store.get().want) this.#inTrouble("circle_empty");
    return true;
  }

  /** @param {string} why said again at each press */
  #inTrouble(why) {
    this.parts.store.dispatch({ type: "local.back" });
    this.parts.store.dispatch({ type: "local.trouble", why });
  }

  /** @param {string} text when help is there again: a page may be older than the hour */
  #isNow(text) {
    const { store } = this.parts;
    if (text !== store.get().closed) store.dispatch({ type: "local.closed", text });
  }

  /**
   * "Call me back", with a question for later or without; also where nobody was asked before,
   * because the house is closed.
   * @param {string} question
   */
  async park(question = "") {
    const { store, send, tell, hold, wishes, closed } = this.parts;
    const asked = store.get().help?.id;
    this.#isNow(await closed());
    if (!asked && (await this.#hasNobody())) return;
    const { help, want, preparing } = store.get();
    if (help?.id !== asked) return; // cancelled meanwhile
    if (help) {
      const sent = send({ type: "help.park", help_request: help.id, question: question || null });
      if (!sent) tell({ key: "link.none", assertive: true, topic: "link" });
    } else if (!want && !preparing) {
      hold();
      this.#cancelled = false;
      this.#question = question;
      this.#want({ camera: false, microphone: false, later: true, ...wishes() });
    }
  }

  /** "Start the call": a Volunteer is there, and only now the camera may open. */
  async start() {
    const { store, tell, mark, hold } = this.parts;
    const { help } = store.get();
    if (help?.state !== "confirming" || this.#starting) return;
    this.#starting = help.id;
    hold();
    mark.set(help.id);
    tell({ key: this.parts.side.prepares(false), topic: "asked" });
    const opened = await this.#open();
    if (store.get().help?.state !== "confirming") return this.follow(store.get());
    if (!opened.camera && !opened.microphone) return this.#unstarted(opened);
    this.#missing(opened);
    this.#confirm();
  }

  /** "Cancel call": also before the house has heard of the wish. */
  cancel() {
    const { store, send, receipts, side } = this.parts;
    const { help } = store.get();
    receipts.forget();
    this.#cancelled = true;
    if (help && send({ type: "help.cancel", help_request: help.id })) return store.dispatch(LEFT);
    side.close();
    store.dispatch({ type: "local.back" });
  }

  /**
   * Capture stops here first, whatever the network does.
   * @param {"call.end" | "call.block"} type
   */
  end(type) {
    const { store, tell, receipts, side } = this.parts;
    const { help } = store.get();
    side.hush();
    receipts.forget();
    if (!help) return;
    const sent = this.leaving.say({ type, help_request: help.id, call: help.call?.id ?? null });
    store.dispatch(LEFT);
    // The line stays until the house has heard it: else both would first be told of a lost one.
    if (sent) return;
    side.close();
    tell({ key: "end.unsent", assertive: true });
  }

  /** @param {Server | News} message after the state has seen it */
  heard(message) {
    const { receipts, side } = this.parts;
    if (message.type === "snapshot.requester") this.#again();
    this.leaving.heard(message);
    if (message.type === "pulse") receipts.touch();
    if (message.type === "help.receipt") this.#kept(message.help_request, message.receipt);
    if (message.type === "help.changed") this.#late();
    if (message.type === "help.changed") this.#putQuestion();
    if (message.type === "refused") this.#refused(message.code, message.about);
    side.meeting.leg.heard(message);
  }

  /**
   * Make true what the state says: devices, the connection, whether media may leave.
   * @param {RequesterState} state
   */
  follow(state) {
    const { side } = this.parts;
    const { help, elsewhere, want, preparing } = state;
    if (!help || elsewhere) {
      side.meeting.be(null, false);
      if (elsewhere || (!want && !preparing)) this.#finish(elsewhere);
      return;
    }
    if (this.leaving.is(help.id)) return;
    if (isLater(help)) return this.#rest(help);
    this.#starting = null;
    if (!this.#opening) return void this.#resume();
    side.meeting.be(this.#ready ? help.id : null, inCall(state));
    if (help.call) side.meeting.leg.truth(help.call.mine);
  }

  /**
   * Somebody has accepted: what they are waiting for is on its way before anything is drawn here.
   * @param {RequesterState} state
   */
  meet(state) {
    const { help, elsewhere } = state;
    if (!help || elsewhere || this.leaving.is(help.id)) return;
    const ready = this.#opening !== null && this.#ready;
    if (ready && inCall(state)) this.parts.side.meeting.be(help.id, true);
  }

  /** After a load: a wish that this page had a moment ago is asked again. */
  recall() {
    const { receipts, store, mark } = this.parts;
    const kept = receipts.fresh();
    if (kept && mark.has(kept.help_request)) store.dispatch({ type: "local.want", want: kept.want });
  }

  /**
   * Until the person starts it themselves, a call-back has neither camera nor microphone.
   * @param {HelpView} help
   */
  #rest(help) {
    const { side } = this.parts;
    side.meeting.be(null, false);
    if (help.state === "parked") this.#starting = null;
    if (this.#starting === help.id || !this.#opening) return;
    this.#opening = null;
    side.close();
  }

  /** @returns {Promise<Opened>} */
  async #open() {
    this.#ready = false;
    const opened = await (this.#opening = this.parts.side.open());
    this.#ready = true;
    return opened;
  }

  /** @param {boolean} elsewhere another page of this person goes on */
  #finish(elsewhere) {
    this.#starting = null;
    if (!elsewhere) this.parts.receipts.forget();
    if (!this.#opening) return;
    this.#opening = null;
    this.parts.side.close();
  }

  /** The house knows of a call that this page, reloaded, has no camera for yet. */
  async #resume() {
    const { mark, store } = this.parts;
    const { help } = store.get();
    if (!help) return;
    if (!mark.has(help.id)) return store.dispatch({ type: "local.elsewhere", elsewhere: true });
    this.parts.hold();
    this.#missing(await this.#open());
    this.follow(store.get());
  }

  /** "Continue here". */
  take() {
    const { store, mark } = this.parts;
    const { help } = store.get();
    if (help) mark.set(help.id);
    store.dispatch({ type: "local.elsewhere", elsewhere: false });
  }

  /** A new link: whatever the house has not heard from us, it hears now. */
  #again() {
    this.leaving.again(this.parts.store.get().help?.id);
    this.#late();
    this.#ask();
    this.#putQuestion();
    this.#confirm();
  }

  /** @param {Want} want */
  #want(want) {
    this.#doubt();
    this.parts.store.dispatch({ type: "local.want", want });
    this.#ask();
  }

  /** A link that was lost is news; that of a page which has just come is still being made. */
  #doubt() {
    const { store, tell } = this.parts;
    const { linked, run } = store.get();
    const say = () => void (store.get().linked || tell({ key: "link.none", assertive: true, topic: "link" }));
    if (!linked) setTimeout(say, run ? 0 : LINK_MS);
  }

  /** The wish is known now: here is its question. */
  #putQuestion() {
    const { store, send } = this.parts;
    const { help } = store.get();
    if (!help || !this.#question) return;
    if (send({ type: "help.park", help_request: help.id, question: this.#question })) this.#question = "";
  }

  #confirm() {
    const { store, send } = this.parts;
    const { help } = store.get();
    if (help?.state !== "confirming" || help.id !== this.#starting || !this.#ready) return;
    send({ type: "help.confirm", help_request: help.id });
  }

  /** @param {Opened} opened neither camera nor microphone: the person may allow them and try again */
  #unstarted(opened) {
    this.#starting = null;
    this.parts.tell({ key: `trouble.devices.${opened.camera_trouble ?? "failed"}`, assertive: true });
    this.follow(this.parts.store.get());
  }

  /** Cancelled before the house had answered the ask: the answer came all the same. */
  #late() {
    const { store, send } = this.parts;
    const { help, want } = store.get();
    if (help && this.#cancelled && !want) send({ type: "help.cancel", help_request: help.id });
  }

  #ask() {
    const { store, send, receipts, mark, languages, me } = this.parts;
    const { want } = store.get();
    clearTimeout(this.#timer);
    if (!want || !unasked(store.get())) return;
    const kept = receipts.read();
    // Whoever calls anew must not be refused because an earlier page of theirs left a dead receipt.
    const receipt = kept && mark.has(kept.help_request) ? kept.receipt : null;
    send({ type: "help.ask", languages, ...me(), ...want, receipt });
  }

  /**
   * @param {string} help_request
   * @param {string} receipt
   */
  #kept(help_request, receipt) {
    const { want } = this.parts.store.get();
    this.parts.mark.set(help_request);
    if (want) this.parts.receipts.keep({ help_request, receipt, want });
  }

  /**
   * @param {string} code
   * @param {string | null} about
   */
  #refused(code, about) {
    const { store } = this.parts;
    if (about === "help.ask" && code === "try_again") {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#ask(), TRY_AGAIN_MS);
    } else if (about === "help.cancel" && code === "out_of_turn") {
      this.end("call.end"); // somebody answered in the same moment
    } else if (about === "leg.open" && code === "no_relay") {
      this.#crowded();
    } else if (about === "help.park" && code !== "out_of_turn") {
      this.parts.tell({ key: `trouble.${code}`, assertive: true });
    }
    if (!store.get().want && !store.get().help) this.parts.receipts.forget();
  }

  /** Nobody is rung until there is a line; the Leg itself tries again. Said once, not each time. */
  #crowded() {
    const { store, tell } = this.parts;
    const { help } = store.get();
    if (!help || help.id === this.#crowdedOut) return;
    this.#crowdedOut = help.id;
    tell({ key: "lines.busy", topic: "lines" });
  }

  /** @param {Opened} opened neither camera nor microphone */
  #nothing(opened) {
    const { camera_trouble: camera, microphone_trouble: microphone } = opened;
    this.parts.side.close();
    // Whoever begins without a camera was not asked for one.
    const [what, why] = camera ? ["devices", camera] : ["mic", microphone ?? "failed"];
    this.parts.store.dispatch({ type: "local.trouble", why: `${what}.${why}` });
  }

  /** @param {Opened} opened */
  #missing({ camera_trouble, microphone_trouble }) {
    const { tell } = this.parts;
    if (camera_trouble) tell({ key: `trouble.camera.${camera_trouble}` });
    if (microphone_trouble) tell({ key: `trouble.microphone.${microphone_trouble}` });
  }
}
