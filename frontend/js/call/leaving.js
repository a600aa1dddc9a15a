/** What did somebody say as they left a call, and has the house heard it? */

/**
 * @import { Client, Server } from "../protocol.js"
 * @import { News } from "../net/link.js"
 * @typedef {{type: "call.end" | "call.block", help_request: string, call: string | null}} Parting
 */

const BLOCKED = ["requester_blocked", "volunteer_blocked"];

export class Leaving {
  /** @type {Parting | null} */
  #said = null;

  /** @param {(message: Client) => boolean} send */
  constructor(send) {
    this.send = send;
  }

  /**
   * @param {Parting} said
   * @returns {boolean} whether there was a link to say it by
   */
  say(said) {
    this.#said = said;
    return this.send(said);
  }

  /** @param {string | undefined} id of a HelpRequest or of a Call: is it the one that they leave? */
  is(id) {
    return id !== undefined && (this.#said?.help_request === id || this.#said?.call === id);
  }

  /**
   * A new link. An end is said of what still goes on; a block also of what is over by now, for these
   * two are not to meet again, whoever hung up first.
   * @param {string | undefined} id of what goes on
   */
  again(id) {
    if (this.#said && (this.is(id) || this.#said.type === "call.block")) this.send(this.#said);
  }

  /** @param {Server | News} message a block that is known is not said any more */
  heard(message) {
    if (this.#said?.type === "call.block" && isKnown(message, this.#said)) this.#said = null;
  }
}

/**
 * @param {Server | News} message
 * @param {Parting} said
 */
function isKnown(message, { call }) {
  if (message.type === "refused") return message.about === "call.block" && message.code === "unknown_id";
  if (message.type !== "help.ended" && message.type !== "call.ended") return false;
  return message.call === call && BLOCKED.includes(message.reason ?? "");
}
