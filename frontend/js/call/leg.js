/** How does a page get, and keep, its connection to the relay? */

/**
 * @import { Client, IceServer, Server, LegState } from "../protocol.js"
 * @import { News } from "../net/link.js"
 */

import { backoff } from "../net/backoff.js";
import { Silence } from "./silence.js";

const REPLY_MS = 6_000;
const CONNECT_MS = 15_000;
// A short gap heals by itself; a new connection in its place would cost more than it.
const BLIP_MS = 1_000;
const SERVER_SAYS_LOST_MS = 2_000;
const MOST_WAIT_MS = 8_000;
// What heals sooner is not worth a person's attention.
const GAP_MS = 500;

const AGAIN = new Set(["try_again", "no_relay", "busy", "bad_description"]);

/**
 * @typedef {{
 *   answer: (description: string) => Promise<string>,
 *   renew: (iceServers: IceServer[]) => void,
 *   arrived: () => Promise<number>,
 *   close: () => void,
 * }} Line one connection to the relay; `Peer` behind the page's own devices
 * @typedef {{
 *   send: (message: Client) => boolean,
 *   connect: (onState: (state: RTCPeerConnectionState) => void, iceServers: IceServer[]) => Line,
 *   onFailing?: (why: string) => void,
 *   later?: (run: () => void, ms: number) => number,
 *   never?: (timer: number) => void,
 *   random?: () => number,
 * }} LegParts
 */

/** Wants one HelpRequest at a time; everything else it decides by itself. */
export class Leg {
  /** @type {string | null} */
  #help = null;
  /** @type {Line | null} */
  #line = null;
  #up = false;
  #asked = false;
  #resting = false;
  #tries = 0;
  #round = 0;
  #timer = 0;
  #renewal = 0;
  #gap = false;
  #gap_timer = 0;

  /** Told that the line is missed, and that it is back. @type {(gap: boolean) => void} */
  onGap = () => undefined;

  /** @param {LegParts} parts */
  constructor(parts) {
    this.parts = {
      later: (/** @type {() => void} */ run, /** @type {number} */ ms) => Number(setTimeout(run, ms)),
      never: (/** @type {number} */ timer) => clearTimeout(timer),
      random: Math.random,
      ...parts,
    };
    // What kills a line often kills the socket too: a question shows it, while the line still may heal.
    const ask = () => this.parts.send({ type: "snapshot.get" });
    this.silence = new Silence(ask, () => this.#again("silence"), this.parts);
  }

  get up() {
    return this.#up;
  }

  /** @param {string | null} help_request */
  want(help_request) {
    if (help_request === this.#help) return;
    this.#drop();
    this.#found();
    this.#help = help_request;
    this.#tries = 0;
    if (help_request) this.#ask();
  }

  /** The moment has come (accepted, back online, a fresh device): do not wait for the back-off. */
  hurry() {
    if (!this.#help || !this.#resting) return;
    this.#tries = 0;
    this.#ask();
  }

  /** Replace the line, as after a change of devices, or when its relay is about to leave. */
  renew() {
    if (this.#help) this.#ask();
  }

  /**
   * @param {Server | News} message
   */
  heard(message) {
    if (message.type === "link.doubt") this.silence.doubt();
    if (message.type === "link.fresh") this.#unheard();
    if (message.type === "leg.description" && message.help_request === this.#help) {
      void this.#answer(message.number, message.description, message.ice_servers);
      this.#renewLater(message.renew_ms);
    }
    if (message.type === "leg.servers" && message.help_request === this.#help) {
      this.#line?.renew(message.ice_servers);
    }
    if (message.type !== "refused" || !message.about?.startsWith("leg.")) return;
    // An ask that was overtaken by a later one is refused too: the later one has its line by now.
    if (message.about === "leg.answer" || this.#asked) this.#refused(message.code);
  }

  /**
   * What the relay thinks of us: it notices a dead path sooner than the browser does.
   * @param {LegState} state
   */
  truth(state) {
    if (!this.#up || this.#asked) return;
    if (state === "closed") this.#again();
    if (state === "lost") this.#after(SERVER_SAYS_LOST_MS, () => this.#again());
    if (state === "up") this.parts.never(this.#timer);
  }

  /** What we said last may have died with the socket that it went into. */
  #unheard() {
    if (!this.#help || (this.#up && !this.#asked)) return;
    this.#tries = 0;
    this.#ask();
  }

  #ask() {
    this.#round += 1;
    this.#asked = true;
    this.#resting = false;
    this.silence.stop();
    const help_request = this.#help;
    if (help_request) this.parts.send({ type: "leg.open", help_request });
    this.#after(REPLY_MS, () => this.#again());
  }

  /**
   * @param {number} number
   * @param {string} description
   * @param {IceServer[]} iceServers
   */
  async #answer(number, description, iceServers) {
    this.#drop(false);
    const round = ++this.#round;
    const onState = (/** @type {RTCPeerConnectionState} */ state) =>
      round === this.#round && this.#moved(state);
    this.#after(CONNECT_MS, () => this.#again());
    try {
      const line = this.parts.connect(onState, iceServers);
      this.#line = line;
      const answer = await line.answer(description);
      if (round !== this.#round || !this.#help) return;
      this.parts.send({ type: "leg.answer", help_request: this.#help, number, description: answer });
    } catch (error) {
      if (round === this.#round) this.#again(String(error));
    }
  }

  /**
   * Credentials are good for a few minutes. Asked for again and again, so that a lost answer is made
   * good by the next one.
   * @param {number} ms
   */
  #renewLater(ms) {
    this.parts.never(this.#renewal);
    if (!ms) return;
    this.#renewal = this.parts.later(() => {
      if (this.#help) this.parts.send({ type: "leg.renew", help_request: this.#help });
      this.#renewLater(ms);
    }, ms);
  }

  /** @param {RTCPeerConnectionState} state */
  #moved(state) {
    if (state === "connected") this.#connected();
    if (this.#resting) return; // the next one is on its way
    if (state === "disconnected") this.#after(BLIP_MS, () => this.#again());
    if (state === "failed" || state === "closed") this.#again();
  }

  #connected() {
    this.#up = true;
    this.#resting = false;
    this.#tries = 0;
    this.parts.never(this.#timer);
    this.#found();
    const line = this.#line;
    if (line) this.silence.watch(line.arrived);
  }

  /**
   * `busy` is a ring without room for a warm connection: accepting hurries it.
   * @param {string} code
   */
  #refused(code) {
    if (AGAIN.has(code)) this.#again(code);
  }

  #again(why = "") {
    if (why) this.parts.onFailing?.(why);
    this.#down();
    this.#asked = false;
    this.#resting = true;
    this.#after(backoff(this.#tries++, this.parts.random, MOST_WAIT_MS), () => this.#ask());
  }

  #drop(forget = true) {
    this.#asked = false;
    this.#resting = false;
    if (forget) this.#round += 1;
    this.parts.never(this.#timer);
    this.parts.never(this.#renewal);
    this.#line?.close();
    this.#line = null;
    this.#down();
  }

  #down() {
    this.silence.stop();
    if (this.#up && !this.#gap_timer) {
      this.#gap_timer = this.parts.later(() => this.#missed(), GAP_MS);
    }
    this.#up = false;
  }

  #missed() {
    this.#gap = true;
    this.onGap(true);
  }

  #found() {
    this.parts.never(this.#gap_timer);
    this.#gap_timer = 0;
    if (this.#gap) this.onGap(false);
    this.#gap = false;
  }

  /**
   * @param {number} ms
   * @param {() => void} run
   */
  #after(ms, run) {
    this.parts.never(this.#timer);
    this.#timer = this.parts.later(run, ms);
  }
}
