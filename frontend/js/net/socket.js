/** How does a page stay connected to the house, and how does it notice that it is not? */

/** @import { Client, Server } from "../protocol.js" */

import { backoff } from "./backoff.js";

const SUBPROTOCOL = "assist.v1";
const BEAT_MS = 5_000;
// A locked phone leaves a socket that looks open and is not: only an answer proves it.
const ANSWER_MS = 5_000;
const OPEN_MS = 8_000;
const FINAL_CODES = new Set([4401, 4403]);

/**
 * @typedef {{
 *   onMessage: (message: Server) => void,
 *   onLink: (up: boolean, final: boolean) => void,
 *   isHidden: () => boolean,
 *   open?: (url: string) => WebSocket,
 *   later?: (run: () => void, ms: number) => number,
 *   never?: (timer: number) => void,
 *   random?: () => number,
 * }} SocketParts
 */

export class Socket {
  /** @type {WebSocket | null} */
  #socket = null;
  #tries = 0;
  #linked = false;
  #closed = false;
  /** @type {Record<string, number>} one timer of each name: retry, beat, answer, open */
  #timers = {};

  /**
   * @param {string} url
   * @param {SocketParts} parts `open`, `later`, `never` and `random` are turned by the tests
   */
  constructor(url, parts) {
    this.url = url;
    this.parts = {
      open: (/** @type {string} */ at) => new WebSocket(at, SUBPROTOCOL),
      later: (/** @type {() => void} */ run, /** @type {number} */ ms) => Number(setTimeout(run, ms)),
      never: (/** @type {number} */ timer) => clearTimeout(timer),
      random: Math.random,
      ...parts,
    };
    this.#connect();
  }

  /**
   * @param {Client} message
   * @returns {boolean} false when nothing was sent: there is no link
   */
  send(message) {
    if (!this.#linked || !this.#socket) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Something happened to the page or the network: find out at once whether the link lives. */
  check() {
    if (this.#closed) return;
    if (this.#linked) this.#beat();
    else if ("retry" in this.#timers) this.#connect();
  }

  close() {
    this.#closed = true;
    this.#drop();
  }

  #connect() {
    this.#stop("retry");
    const socket = this.parts.open(this.url);
    this.#socket = socket;
    this.#after("open", OPEN_MS, () => this.#lost());
    socket.onmessage = (event) => this.#heard(event.data);
    socket.onclose = (event) => this.#lost(FINAL_CODES.has(event.code));
  }

  /** @param {unknown} data */
  #heard(data) {
    const message = parse(data);
    if (!message) return;
    this.#stop("open");
    if (message.type === "pulse") this.#stop("answer");
    if (!this.#linked) this.#up();
    this.parts.onMessage(message);
  }

  #up() {
    this.#linked = true;
    this.#tries = 0;
    this.parts.onLink(true, false);
    this.#beat();
  }

  #beat() {
    this.send({ type: "beat", hidden: this.parts.isHidden() });
    if (!("answer" in this.#timers)) this.#after("answer", ANSWER_MS, () => this.#lost());
    this.#after("beat", BEAT_MS, () => this.#beat());
  }

  #lost(final = false) {
    const was = this.#linked;
    this.#drop();
    if (this.#closed) return;
    this.#closed = final;
    if (was || final) this.parts.onLink(false, final);
    if (!final) {
      this.#after("retry", backoff(this.#tries++, this.parts.random), () => this.#connect());
    }
  }

  #drop() {
    for (const name of Object.keys(this.#timers)) this.#stop(name);
    const socket = this.#socket;
    this.#socket = null;
    this.#linked = false;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  /**
   * @param {string} name
   * @param {number} ms
   * @param {() => void} run
   */
  #after(name, ms, run) {
    this.#stop(name);
    this.#timers[name] = this.parts.later(() => {
      delete this.#timers[name];
      run();
    }, ms);
  }

  /** @param {string} name */
  #stop(name) {
    const timer = this.#timers[name];
    if (timer !== undefined) this.parts.never(timer);
    delete this.#timers[name];
  }
}

/**
 * @param {unknown} data
 * @returns {Server | null}
 */
function parse(data) {
  try {
    return JSON.parse(String(data));
  } catch {
    return null;
  }
}

/**
 * The address of a socket of the house that served this page.
 * @param {string} path
 * @param {Location} here
 */
export function socketUrl(path, here = location) {
  return `${here.protocol === "https:" ? "wss:" : "ws:"}//${here.host}${path}`;
}

/**
 * Check the link whenever a page that may have slept comes back.
 * @param {Socket} socket
 */
export function keepAwake(socket) {
  const check = () => socket.check();
  document.addEventListener("visibilitychange", check);
  addEventListener("pageshow", check);
  addEventListener("online", check);
}
