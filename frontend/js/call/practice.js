/** How does a practice begin, go on and end, on the side that this page only plays? */

/**
 * @import { Client, Refused, Server } from "../protocol.js"
 * @import { RequesterState } from "../state/requester.js"
 * @import { PlayedCamera } from "./played_camera.js"
 * @import { PlayedSide } from "./played_side.js"
 * @import { PlayedVoice } from "./played_voice.js"
 * @typedef {{
 *   camera: PlayedCamera, voice: PlayedVoice, language: string,
 *   side: (send: (message: Client) => boolean) => PlayedSide,
 *   onRefused: (text: string) => void,
 *   onOver: (met: boolean) => void,
 * }} PracticeParts `onOver`: whether they had met by then
 */

import { Socket, socketUrl } from "../net/socket.js";
import { order } from "../state/order.js";
import { NOTHING, inCall, reduce } from "../state/requester.js";

export class Practice {
  /** @type {Socket | null} */
  #socket = null;
  /** @type {RequesterState} */
  #state = NOTHING;
  #asked = false;

  /** @param {PracticeParts} parts */
  constructor(parts) {
    this.parts = parts;
    this.side = parts.side((message) => this.#socket?.send(message) ?? false);
  }

  /** Does one go on? */
  get going() {
    return this.#socket !== null;
  }

  /** Inside a tap: the voice must be allowed to sound. */
  begin() {
    if (this.#socket) return;
    this.#state = NOTHING;
    this.#asked = false;
    this.parts.camera.open();
    this.parts.voice.open();
    const isHidden = () => document.visibilityState === "hidden";
    const onMessage = (/** @type {Server} */ message) => this.#heard(message);
    const onLink = (/** @type {boolean} */ up, /** @type {boolean} */ final) => this.#linked(up, final);
    this.#socket = new Socket(socketUrl("/ws/practice/"), { onMessage, onLink, isHidden });
  }

  /** Given up before it rang: or the house takes its time to say that it is over. */
  leave() {
    if (!this.#socket) return;
    const { help } = this.#state;
    if (help) this.#socket.send({ type: "help.cancel", help_request: help.id });
    this.#close();
  }

  /**
   * @param {boolean} up
   * @param {boolean} final
   */
  #linked(up, final) {
    if (up) this.side.meeting.leg.heard({ type: "link.fresh" });
    if (final) this.#over();
  }

  /** @param {Server} message */
  #heard(message) {
    const is = order(this.#state.seq, message);
    if (is === "gap") this.#socket?.send({ type: "snapshot.get" });
    if (is !== "apply") return;
    const before = this.#state;
    this.#state = reduce(before, message);
    if (message.type === "refused" && message.about === "help.ask") return this.#refused(message);
    this.side.meeting.leg.heard(message);
    this.#follow(before);
  }

  /** @param {RequesterState} before */
  #follow(before) {
    const { help } = this.#state;
    if (help) this.side.be(help.id, inCall(this.#state));
    if (help?.call) this.side.meeting.leg.truth(help.call.mine);
    if (before.help && !help) return this.#over(inCall(before));
    if (!help && !this.#asked) this.#ask();
  }

  #ask() {
    const { language } = this.parts;
    this.#asked = true;
    this.#socket?.send({ type: "help.ask", languages: [language], camera: true, microphone: true });
  }

  /** @param {Refused} message */
  #refused({ text }) {
    this.#close();
    this.parts.onRefused(text);
  }

  #over(met = false) {
    this.#close();
    this.parts.onOver(met);
  }

  #close() {
    this.#socket?.close();
    this.#socket = null;
    this.side.leave();
    this.parts.voice.close();
    this.parts.camera.close();
  }
}
