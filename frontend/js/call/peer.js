/** How does the page speak WebRTC with the relay? The relay describes, the page answers. */

import { countsOf, qualityOf } from "./quality.js";
import { LIFE_SIGN } from "./words_between.js";

const LIFE_SIGN_MS = 250;

/**
 * @import { IceServer, LegQuality } from "../protocol.js"
 * @import { Counts } from "./quality.js"
 * @typedef {{camera: MediaStreamTrack | null, microphone: MediaStreamTrack | null}} Tracks
 * @typedef {{
 *   onTrack: (track: MediaStreamTrack) => void,
 *   onData: (data: unknown) => void,
 *   onOpen: () => void,
 *   onState: (state: RTCPeerConnectionState) => void,
 * }} PeerEvents
 */

export class Peer {
  answered = false;
  /** May our media leave now? */
  active = false;
  /** @type {Counts | null} */
  counts = null;

  /**
   * @param {PeerEvents} events
   * @param {IceServer[]} iceServers the house's TURN servers, if it has any. No STUN server: the
   *   relay's address is in its description, and nobody else is asked
   */
  constructor(events, iceServers) {
    this.pc = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.channel = this.pc.createDataChannel("assist", { negotiated: true, id: 0 });
    this.channel.binaryType = "arraybuffer";
    this.pc.ontrack = (event) => events.onTrack(event.track);
    this.pc.onconnectionstatechange = () => events.onState(this.pc.connectionState);
    this.channel.onopen = () => events.onOpen();
    this.channel.onmessage = (event) => events.onData(event.data);
    // The relay tells a silent phone from a lost one by this.
    this.life = setInterval(() => this.say(LIFE_SIGN), LIFE_SIGN_MS);
  }

  /**
   * @param {string} description the relay's
   * @param {Tracks} tracks
   * @param {() => boolean} active may our media leave now? Before Accept it may not
   * @returns {Promise<string>} our answer
   */
  async answer(description, tracks, active) {
    await this.pc.setRemoteDescription({ type: "offer", sdp: description });
    for (const line of this.pc.getTransceivers()) {
      const video = kindOf(line) === "video";
      await attach(line, video ? tracks.camera : tracks.microphone, wantsPicture(description));
    }
    await this.pc.setLocalDescription();
    // Before the answer is on its way nothing can flow, so nothing slips out before this line.
    this.answered = true;
    await this.setActive(active());
    return this.pc.localDescription?.sdp ?? "";
  }

  /** @param {boolean} active */
  async setActive(active) {
    this.active = active;
    if (!this.answered || this.pc.signalingState === "closed") return;
    const sending = this.pc.getTransceivers().filter((each) => each.direction.startsWith("send"));
    // The camera first: an encoder has to be set up before the picture that both are waiting for.
    sending.sort((one) => (kindOf(one) === "video" ? -1 : 1));
    await Promise.all(sending.map((each) => activate(each, active)));
  }

  /**
   * Another camera or a fresh microphone in the place of the one before; with null nothing is sent.
   * @param {"audio" | "video"} kind
   * @param {MediaStreamTrack | null} track
   */
  async replace(kind, track) {
    const line = this.pc.getTransceivers().find((each) => kindOf(each) === kind);
    await line?.sender.replaceTrack(track);
    // A line without a track would go on with packets that only fill, to try how much there is room for.
    if (line && this.answered) await activate(line, this.active);
  }

  /**
   * What is in use stays in use: a TURN server checks the time when it is first asked.
   * @param {IceServer[]} iceServers with fresh credentials
   */
  renew(iceServers) {
    this.pc.setConfiguration({ ...this.pc.getConfiguration(), iceServers });
  }

  /** How much stands in the browser's own queue. */
  get unsent() {
    return this.channel.bufferedAmount;
  }

  /**
   * @param {string | ArrayBuffer} data
   * @returns {boolean} false when the channel is not open
   */
  say(data) {
    if (this.channel.readyState !== "open") return false;
    this.channel.send(/** @type {string} */ (data));
    return true;
  }

  /** @returns {Promise<number>} of the bytes that came in; NaN where a browser does not count them */
  async arrived() {
    const all = [...(await this.pc.getStats()).values()];
    const pairs = all.filter(({ type }) => type === "candidate-pair");
    return pairs.length ? pairs.reduce((sum, each) => sum + each.bytesReceived, 0) : NaN;
  }

  /** @returns {Promise<LegQuality | null>} since it was asked last; null the first time */
  async measure() {
    const before = this.counts;
    this.counts = countsOf((await this.pc.getStats()).values(), performance.now());
    return before && qualityOf(before, this.counts);
  }

  close() {
    clearInterval(this.life);
    this.pc.onconnectionstatechange = null;
    this.pc.ontrack = null;
    this.pc.close();
  }
}

/**
 * Without a microphone we only listen. A camera that is closed may open later, without a word to the
 * relay: whoever is to show a picture has a line for it from the start.
 * @param {RTCRtpTransceiver} transceiver
 * @param {MediaStreamTrack | null} track
 * @param {boolean} showing
 */
async function attach(transceiver, track, showing) {
  const video = kindOf(transceiver) === "video";
  if (!track && !(video && showing)) return;
  transceiver.direction = video ? "sendonly" : "sendrecv";
  await transceiver.sender.replaceTrack(track);
}

/** @param {string} description the relay's: it receives the Requester's picture, and no other */
const wantsPicture = (description) => /^m=video[^]*?^a=recvonly/m.test(description);

/** @param {RTCRtpTransceiver} transceiver */
const kindOf = (transceiver) => transceiver.receiver.track.kind;

/**
 * Print must be legible before it moves smoothly: under a narrow line frames go first.
 * @param {RTCRtpTransceiver} line
 * @param {boolean} active
 */
async function activate(line, active) {
  const { sender } = line;
  const parameters = sender.getParameters();
  if (kindOf(line) === "video") parameters.degradationPreference = "maintain-resolution";
  for (const encoding of parameters.encodings ?? []) encoding.active = active && sender.track !== null;
  await sender.setParameters(parameters);
}
