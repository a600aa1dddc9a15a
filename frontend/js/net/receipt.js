/** What does the page keep of its HelpRequest, so that no outage loses the person's place? */

/** @import { Want } from "../state/requester.js" */

const KEY = "assist.receipt";
// A page that was away longer has been told farewell by the house: a reload starts afresh.
const FRESH_MS = 120_000;

/** @typedef {{help_request: string, receipt: string, want: Want, alive_ms: number}} Kept */

/**
 * @param {Storage} storage
 * @param {() => number} now_ms
 */
export function createReceipts(storage = localStorage, now_ms = Date.now) {
  /** @param {Omit<Kept, "alive_ms">} kept */
  const keep = (kept) =>
    attempt(() => storage.setItem(KEY, JSON.stringify({ ...kept, alive_ms: now_ms() })));
  const forget = () => attempt(() => storage.removeItem(KEY));
  const read = () => valid(attempt(() => JSON.parse(storage.getItem(KEY) ?? "null")));
  return {
    keep,
    forget,
    read,
    /** The page still lives: what it kept stays good for another while. */
    touch() {
      const kept = read();
      if (kept) keep(kept);
    },
    /** After a load: what was kept, if the page was not away for too long. */
    fresh() {
      const kept = read();
      if (kept && now_ms() - kept.alive_ms <= FRESH_MS) return kept;
      forget();
      return null;
    },
  };
}

/**
 * A storage that is full or forbidden costs the resume after a reload, never the call.
 * @template T
 * @param {() => T} run
 * @returns {T | null}
 */
function attempt(run) {
  try {
    return run();
  } catch {
    return null;
  }
}

/**
 * @param {any} kept
 * @returns {Kept | null}
 */
function valid(kept) {
  const strings = typeof kept?.help_request === "string" && typeof kept?.receipt === "string";
  return strings && typeof kept.alive_ms === "number" && kept.want ? kept : null;
}

/** @typedef {ReturnType<typeof createReceipts>} Receipts */
