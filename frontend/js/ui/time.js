/** How do durations read? Running times from the server's clock, seen from the page's. */

/**
 * @param {number} ms a duration; below zero counts as zero
 * @returns {string} "0:07", "12:30"
 */
export function minutes(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
