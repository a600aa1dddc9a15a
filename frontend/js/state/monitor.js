/** What does the Coordinator's page know? The last queue that came, and what to say of it. */

/** @import { Queue, Server } from "../protocol.js" */

/**
 * @typedef {{seq: number, queue: Queue | null, skew_ms: number, linked: boolean}} MonitorState
 * @typedef {{waiting: number, calls: number, available: number, relays: number}} Counts
 */

/** @type {MonitorState} */
export const NOTHING = { seq: -1, queue: null, skew_ms: 0, linked: false };

/**
 * @param {MonitorState} state
 * @param {Server | {type: "local.link", up: boolean}} message
 * @param {number} now_ms
 * @returns {MonitorState}
 */
export function reduce(state, message, now_ms = Date.now()) {
  if (message.type === "local.link") return { ...state, linked: message.up };
  if (message.type !== "queue") return state;
  return { ...state, queue: message, skew_ms: message.now_ms - now_ms };
}

/**
 * @param {Queue} queue
 * @returns {Counts}
 */
export function counts(queue) {
  const available = queue.volunteers.filter((row) => row.state === "available").length;
  return {
    waiting: queue.waiting.length,
    calls: queue.calls.length,
    available,
    relays: queue.relays.length,
  };
}

/**
 * What is new since it was said. Each by itself: somebody may wait to be let in all day, while the
 * queue is another one every minute.
 * @typedef {{counts: string, joining: string}} Spoken
 * @param {Spoken} said
 * @param {Spoken} now
 * @returns {(keyof Spoken)[]}
 */
export function news(said, now) {
  /** @type {(keyof Spoken)[]} */
  const topics = ["counts", "joining"];
  return topics.filter((topic) => now[topic] && now[topic] !== said[topic]);
}
