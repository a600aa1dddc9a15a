/** How does a page stay connected to the house, and how does it notice that it is not? */

/** @import { Client, Server } from "../protocol.js" */

import { backoff } from "./backoff.js";

const SUBPROTOCOL = "assist.v1";
const BEAT_MS = 5_000;
// A locked phone leaves a socket that looks open and is not: only an answer proves it.
const ANSWER_MS = 5_000;
const OPEN_MS = 8_000;
// A network that changed leaves a dead socket behind, which the browser notices after minutes.
const DOUBT_MS = 500;
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
 * }} SocketParts `onLink` is told of each socket that speaks, also of one in another's place
 */

export class Socket {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {WebSocket | null} beside a socket in doubt: whichever speaks first stays */
  #rival = null;
  #tries = 0;
  #linked = false;
  #closed = false;
  /** @type {Record<string, number>} one timer of each name: retry, beat, answer, open, doubt */
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
    if (message.type === "snapshot.get") this.#expect();
    return true;
  }

  /** Something happened to the page or the network: find out at once whether the link lives. */
  check() {
    if (this.#closed) return;
    if (this.#linked) this.#ask();
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
    this.#follow(socket);
  }

  /** @param {WebSocket} socket */
  #follow(socket) {
    socket.onmessage = (event) => this.#heard(event.data);
    socket.onclose = (event) => this.#lost(FINAL_CODES.has(event.code));
  }

  #ask() {
    if (this.#inDoubt()) return;
    this.#beat();
    this.send({ type: "snapshot.get" });
  }

  #inDoubt() {
    return "doubt" in this.#timers || this.#rival !== null;
  }

  /** A beat is answered with everybody's, this at once. */
  #expect() {
    if (!this.#inDoubt()) this.#after("doubt", DOUBT_MS, () => this.#compete());
  }

  #compete() {
    const rival = this.parts.open(this.url);
    this.#rival = rival;
    rival.onmessage = (event) => this.#replaced(rival, event.data);
    rival.onclose = () => this.#settle();
  }

  /**
   * @param {WebSocket} rival
   * @param {unknown} data its first message
   */
  #replaced(rival, data) {
    this.#rival = null;
    this.#drop();
    this.#socket = rival;
    this.#follow(rival);
    this.#heard(data);
  }

  /** The socket that we have is the one. */
  #settle() {
    this.#stop("doubt");
    if (this.#rival) part(this.#rival);
    this.#rival = null;
  }

  /** @param {unknown} data */
  #heard(data) {
    const message = parse(data);
    if (!message) return;
    this.#stop("open");
    this.#settle();
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
    this.#settle();
    if (this.#socket) part(this.#socket);
    this.#socket = null;
    this.#linked = false;
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

/** @param {WebSocket} socket whose words count no longer */
function part(socket) {
  socket.onmessage = null;
  socket.onclose = null;
  socket.close();
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
 * Whenever the page comes back from where it may have slept, or the network is another one.
 * @param {() => void} check
 */
export function onDoubt(check) {
  document.addEventListener("visibilitychange", check);
  addEventListener("pageshow", check);
  addEventListener("online", check);
  /** @type {{connection?: EventTarget}} */ (navigator).connection?.addEventListener("change", check);
}
