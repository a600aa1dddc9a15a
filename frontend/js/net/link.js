/** How do the server's messages reach the page's state, each once and in order? */

/** @import { Server } from "../protocol.js" */
/** @import { Saying } from "../state/says.js" */

import { order } from "../state/order.js";
import { Socket, onDoubt, socketUrl } from "./socket.js";

// A flap that heals at once is not worth a person's attention.
const SAY_LOST_MS = 2_500;
const SAY_NONE_MS = 4_000;
const FAREWELLS = new Set(["signed_out", "suspended", "forgotten"]);

/**
 * @typedef {{type: "link.fresh"} | {type: "link.doubt"}} News of the link itself: a new socket stands
 *   where one may have died with words of ours in it; the page slept, or the network is another one
 */

/**
 * @param {string} path
 * @param {{get: () => {seq?: number}, dispatch: (message: any) => void}} store
 * @param {(message: Server | News) => void} then sees each message after the state did
 * @param {(saying: Saying) => void} tell
 */
export function createLink(path, store, then, tell) {
  const none = () => tell({ key: "link.none", assertive: true, topic: "link" });
  let timer = window.setTimeout(none, SAY_NONE_MS);

  /** @param {Server} message */
  function onMessage(message) {
    const is = order(store.get().seq ?? -1, message);
    if (is === "gap") socket.send({ type: "snapshot.get" });
    if (is !== "apply") return;
    store.dispatch(message);
    if (message.type === "goodbye") farewell(message.code);
    then(message);
  }

  /** @param {string} code */
  function farewell(code) {
    tell({ key: `goodbye.${code}`, assertive: true, topic: "link" });
    if (FAREWELLS.has(code)) store.dispatch({ type: "local.farewell", code });
  }

  /**
   * @param {boolean} up
   * @param {boolean} final the farewell has said why
   */
  function onLink(up, final) {
    clearTimeout(timer);
    if (final) return;
    const note = () => store.dispatch({ type: "local.link", up });
    if (!up) return void (timer = window.setTimeout(note, SAY_LOST_MS));
    note();
    then({ type: "link.fresh" });
  }

  const isHidden = () => document.visibilityState === "hidden";
  const socket = new Socket(socketUrl(path), { onMessage, onLink, isHidden });
  onDoubt(() => {
    socket.check();
    then({ type: "link.doubt" });
  });
  return socket;
}
