/** How long has the other person been away? They are kept for two minutes, and may be waited for. */

/** @import { Voice } from "./voice.js" */

const FIRST_MS = 20_000;
const THEN_MS = 60_000;

/**
 * Which of these moments has come: after 20 s, then after each minute?
 * @param {number} ms
 * @returns {number} 0: none yet
 */
export function moment(ms) {
  return ms < FIRST_MS ? 0 : 1 + Math.floor(ms / THEN_MS);
}

/** @param {Voice} voice */
export function createMissed({ tell }) {
  let since = 0;
  let said = 0;

  function look() {
    const now = since ? moment(Date.now() - since) : 0;
    if (now > said) tell({ ...sentence(now), topic: "away" });
    said = now;
  }

  setInterval(look, 1_000);
  return {
    /** @param {number} from when they were missed, by this page's clock; 0 while they are there */
    show: (from) => void (since = from),
  };
}

/** @param {number} come which moment */
function sentence(come) {
  if (come === 1) return { key: "away.seconds", params: { n: FIRST_MS / 1000 } };
  return { key: "away.minutes", params: { n: come - 1 } };
}
