/** May this message change what the page knows? Numbers say what is old, next, or behind a gap. */

/**
 * A snapshot always applies, and so does what carries no number.
 * @param {number} known the number of the last thing applied; -1 before the first snapshot
 * @param {{type: string, seq?: number}} message
 * @returns {"apply" | "old" | "gap"}
 */
export function order(known, message) {
  if (message.type.startsWith("snapshot.") || message.seq === undefined) return "apply";
  if (message.type === "pulse") return known >= 0 && message.seq > known ? "gap" : "apply";
  if (message.seq <= known) return "old";
  return known >= 0 && message.seq === known + 1 ? "apply" : "gap";
}
