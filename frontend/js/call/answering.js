/** How does a Volunteer take calls: from "Start taking calls" to the next one? */

/**
 * @import { Client, OfferView, Server } from "../protocol.js"
 * @import { Mark } from "../net/holder.js"
 * @import { News } from "../net/link.js"
 * @import { Saying } from "../state/says.js"
 * @import { HandWish } from "./handing.js"
 * @import { Tap } from "../push/subscribe.js"
 * @import { Local, VolunteerState } from "../state/volunteer.js"
 * @import { VolunteerSide } from "./volunteer_side.js"
 */

import { Free } from "./free.js";
import { Leaving } from "./leaving.js";

/**
 * @typedef {{
 *   store: {get: () => VolunteerState, dispatch: (message: Local) => void},
 *   side: VolunteerSide,
 *   send: (message: Client) => boolean,
 *   tell: (saying: Saying) => void,
 *   mark: Mark,
 *   hold: () => void,
 *   rests: boolean,
 *   promise: () => void,
 * }} AnsweringParts `rests`: a pause after each call is for more than its questions;
 *   `promise`: go where it is read and given
 */

export class Answering {
  /** @type {Tap | null} a notification that was tapped, until the house says how things are */
  #tap = null;

  /** @type {string | null} what was accepted since this page was loaded */
  #accepted = null;

  /** @type {string | null} the Offer that was accepted on its notification */
  #took = null;

  /** @param {AnsweringParts} parts */
  constructor(parts) {
    this.parts = parts;
    this.leaving = new Leaving(parts.send);
    this.free = new Free({ send: parts.send, help: () => parts.store.get().help_request });
  }

  /**
   * "Start taking calls" tests the microphone first: a ring must find the person ready.
   * @param {(level: number) => void} onLevel
   */
  async toggle(onLevel) {
    const { store, side, tell } = this.parts;
    const { taking, testing, call } = store.get();
    if (testing) return;
    if (taking) return void this.#say({ type: "calls.stop" });
    store.dispatch({ type: "local.testing", on: true });
    tell({ key: "mic.testing" });
    const { trouble, heard, asksAgain } = await side.test(onLevel);
    if (trouble) return store.dispatch({ type: "local.trouble", why: `mic.${trouble}` });
    store.dispatch({ type: "local.testing", on: false });
    tell({ key: heard ? "mic.heard" : "mic.silent" });
    if (asksAgain) tell({ key: "mic.asks_again" });
    if (!call) this.#say({ type: "calls.start" });
  }

  /** @param {OfferView} offer */
  shown(offer) {
    const { accepting } = this.parts.store.get();
    if (!offer.shown && accepting !== offer.id) this.parts.send({ type: "offer.shown", offer: offer.id });
  }

  /** @param {OfferView} offer */
  accept(offer) {
    const { store, mark, hold } = this.parts;
    if (store.get().accepting === offer.id) return;
    hold();
    mark.set(offer.help_request);
    this.#accepted = offer.help_request;
    store.dispatch({ type: "local.accept", offer: offer.id });
    this.#say({ type: "offer.accept", offer: offer.id });
  }

  /** @param {OfferView} offer */
  decline(offer) {
    this.#say({ type: "offer.decline", offer: offer.id });
  }

  /**
   * The microphone is let go of first, whatever the network does.
   * @param {"call.end" | "call.block"} type
   */
  end(type) {
    const { store, side, tell } = this.parts;
    const { help_request, call } = store.get();
    side.hush();
    if (!help_request || !call) return;
    // The line stays until the house has heard it: else both would first be told of a lost one.
    if (this.leaving.say({ type, help_request, call: call.id })) return;
    side.leave();
    tell({ key: "end.unsent", assertive: true });
  }

  /** @param {HandWish} wish */
  handOver(wish) {
    const { help_request, call } = this.parts.store.get();
    if (help_request && call?.state === "in_call") this.parts.side.handing.begin(help_request, wish);
  }

  /**
   * A notification was tapped: what it rang for may be over by now, so the house is asked.
   * @param {Tap} tap
   */
  tapped(tap) {
    this.#tap = tap;
    this.#took = (tap.accept && tap.offer) || null;
    this.parts.send({ type: "snapshot.get" });
  }

  /** The questions are answered, or skipped: ready for the next one, unless a pause was wished. */
  done() {
    const { store, rests } = this.parts;
    const { taking, state } = store.get();
    store.dispatch({ type: "local.back" });
    const pausing = rests && state === "wrapping_up";
    if (taking && state !== "available" && !pausing) this.ready();
  }

  /** "Ready for the next call": whatever pause there was is over. */
  ready() {
    this.#say({ type: "calls.start" });
  }

  /** "Continue here". */
  take() {
    const { store, mark } = this.parts;
    const { help_request } = store.get();
    if (help_request) mark.set(help_request);
    store.dispatch({ type: "local.elsewhere", elsewhere: false });
  }

  /** @param {Server | News} message after the state has seen it */
  heard(message) {
    this.leaving.heard(message);
    if (message.type === "call.free") this.free.heard(message);
    if (message.type === "snapshot.volunteer") this.#again(this.#tapped());
    if (message.type === "snapshot.volunteer") this.parts.side.strain.heard(message.quality);
    // Of a call that has ended meanwhile they hear that anyway.
    if (message.type === "refused" && message.about === "call.hand_over" && message.code !== "unknown_id") {
      this.parts.tell({ key: `trouble.${message.code}`, assertive: true });
    }
    if (message.type === "refused" && message.code === "promise_needed") this.#promise();
    this.parts.side.meeting.leg.heard(message);
  }

  /**
   * Make true what the state says: the microphone, the connection, who may be heard.
   * @param {VolunteerState} before
   * @param {VolunteerState} now
   */
  follow(before, now) {
    const { side, mark, store, hold } = this.parts;
    if (now.elsewhere) return side.leave();
    if (now.call && now.help_request) {
      if (this.leaving.is(now.call.id)) return;
      if (!mark.has(now.help_request)) {
        return store.dispatch({ type: "local.elsewhere", elsewhere: true });
      }
      hold();
      // Whoever was played is gone with the page that was loaded before this one.
      if (now.call.practice && this.#accepted !== now.help_request) return this.end("call.end");
      // Nobody speaks to a person who has not said that they are there.
      void side.join(now.help_request, now.call.state !== "confirming", now.call.handed);
      side.meeting.leg.truth(now.call.mine);
    } else if (now.offer) {
      if (now.offer.id !== before.offer?.id) void side.join(now.offer.help_request, false);
    } else if (before.call || before.offer) {
      side.leave();
    }
  }

  /**
   * Was this accepted on its notification? Then it need not ring again on the page.
   * @param {OfferView | null} offer
   */
  took(offer) {
    if (!offer || offer.id !== this.#took) return false;
    return this.#tap !== null || this.parts.store.get().accepting === offer.id;
  }

  /** Go where it is given; not out of a call that began before there was one, or with other words. */
  #promise() {
    if (!this.parts.store.get().call) this.parts.promise();
  }

  /** @returns {boolean} whether it said "Accept" just now: that comes before everything else */
  #tapped() {
    const { store, tell } = this.parts;
    const { offer, call, last_offer, accepting } = store.get();
    const tap = this.#tap;
    this.#tap = null;
    if (!tap?.offer || call) return false;
    if (offer?.id === tap.offer && tap.accept) this.accept(offer);
    else if (offer?.id !== tap.offer && last_offer?.id !== tap.offer) tell({ key: "ring.over", assertive: true });
    return accepting !== tap.offer && store.get().accepting === tap.offer;
  }

  /**
   * A new link: whatever the house has not heard from us, it hears now.
   * @param {boolean} accepted it has just heard that
   */
  #again(accepted) {
    const { store, send } = this.parts;
    const { call, accepting, offer, taking, reach, why } = store.get();
    this.leaving.again(call?.id);
    if (!accepted && offer && accepting === offer.id) send({ type: "offer.accept", offer: offer.id });
    // An open page is rung before a closed one, once it has said that it is there.
    if (taking && reach === "push" && why !== "snoozed") send({ type: "calls.start" });
  }

  /** @param {Client} message */
  #say(message) {
    const { send, tell } = this.parts;
    if (!send(message)) tell({ key: "link.none", assertive: true, topic: "link" });
  }
}
