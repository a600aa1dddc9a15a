/** How do the page's devices, its Leg and the words between the pages come together? */

/**
 * @import { Client, IceServer, LegQuality } from "../protocol.js"
 * @import { Tracks } from "./peer.js"
 * @import { Between } from "./words_between.js"
 */

import { routeSound } from "./devices.js";
import { Gate, OPEN } from "./gate.js";
import { Leg } from "./leg.js";
import { Peer } from "./peer.js";
import { MOVE, readBetween } from "./words_between.js";

const REPORT_MS = 5_000;

/**
 * @typedef {{
 *   send: (message: Client) => boolean,
 *   onTrack: (track: MediaStreamTrack) => void,
 *   onBetween: (message: Between) => void,
 *   onPiece: (data: unknown) => void,
 *   onOpen: () => void,
 *   onGate?: () => void,
 *   onParted?: () => void,
 *   onQuality?: (quality: LegQuality) => void,
 * }} MeetingParts
 */

export class Meeting {
  /** @type {Peer | null} */
  #peer = null;
  #gate = new Gate();
  #active = false;
  /** @type {string | null} */
  #help = null;
  /** @type {Tracks} */
  tracks = { camera: null, microphone: null };
  /** What an answer waits for: a device that is just being opened. @type {Promise<unknown>} */
  ready = Promise.resolve();

  /** @param {MeetingParts} parts */
  constructor(parts) {
    this.parts = parts;
    this.leg = new Leg({
      send: parts.send,
      connect: (onState, iceServers) => this.#connect(onState, iceServers),
      onFailing: (why) => console.warn(`assist: the connection to the relay: ${why}`),
    });
    setInterval(() => void this.#report().catch(() => undefined), REPORT_MS);
  }

  /**
   * Whom this page is with, and whether its media may leave.
   * @param {string | null} help_request
   * @param {boolean} active only after a Volunteer has accepted
   */
  be(help_request, active) {
    const news = this.#gate.told(active);
    this.#help = help_request;
    this.leg.want(help_request);
    if (news && active) this.leg.hurry();
    if (news && !active) this.parts.onParted?.();
    this.#turn();
  }

  /**
   * What was said to the other page before this moment stopped at the gate.
   * @param {boolean} open
   */
  #gateIs(open) {
    this.#turn();
    if (open) this.parts.onGate?.();
  }

  /** The camera starts at the first word of Accept, and not again at the second. */
  #turn() {
    if (this.#gate.open === this.#active) return;
    this.#active = this.#gate.open;
    void this.#peer?.setActive(this.#active).catch(() => this.leg.renew());
  }

  /**
   * @param {Between} message
   * @returns {boolean} false when there is no open channel
   */
  say(message) {
    return this.#peer?.say(JSON.stringify(message)) ?? false;
  }

  /** @param {ArrayBuffer} piece of a photograph */
  give(piece) {
    return this.#peer?.say(piece) ?? false;
  }

  /** How many bytes wait to leave. */
  get unsent() {
    return this.#peer?.unsent ?? 0;
  }

  /**
   * @param {"audio" | "video"} kind
   * @param {MediaStreamTrack | null} track in the place of the one of its kind; null: nothing is sent
   */
  async replace(kind, track) {
    this.tracks = { ...this.tracks, [kind === "video" ? "camera" : "microphone"]: track };
    await this.#peer?.replace(kind, track).catch(() => this.leg.renew());
  }

  /** Nothing is captured from here on; the connection itself may stay for a moment. */
  release() {
    this.tracks.camera?.stop();
    this.tracks.microphone?.stop();
    this.tracks = { camera: null, microphone: null };
    routeSound("auto");
  }

  /** How the connection has been, for whoever runs the house. */
  async #report() {
    const quality = this.#gate.accepted && this.leg.up ? await this.#peer?.measure() : null;
    if (!quality || !this.#help) return;
    this.parts.onQuality?.(quality);
    this.parts.send({ type: "leg.report", help_request: this.#help, quality });
  }

  /**
   * @param {(state: RTCPeerConnectionState) => void} onState
   * @param {IceServer[]} iceServers
   */
  #connect(onState, iceServers) {
    const { onTrack, onOpen, onBetween, onPiece } = this.parts;
    const onData = (/** @type {unknown} */ data) => {
      if (typeof data !== "string") return onPiece(data);
      if (data === MOVE) return this.leg.renew();
      if (this.#gate.heard(data)) return this.#gateIs(data === OPEN);
      const message = readBetween(data);
      if (message) onBetween(message);
    };
    const peer = new Peer({ onTrack, onOpen, onData, onState }, iceServers);
    this.#peer = peer;
    this.#gate.anew();
    this.#active = this.#gate.open;
    return {
      answer: async (/** @type {string} */ description) => {
        await this.ready;
        return peer.answer(description, this.tracks, () => this.#active);
      },
      renew: (/** @type {IceServer[]} */ fresh) => peer.renew(fresh),
      arrived: () => peer.arrived(),
      close: () => {
        peer.close();
        if (this.#peer === peer) this.#peer = null;
      },
    };
  }
}
