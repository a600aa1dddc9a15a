/** How do durations read? Running times from the server's clock, seen from the page's. */

const CHOICES_MS = [30_000, 60_000, 120_000];

/**
 * When a wait is long, its length is worth a word: after half a minute, one, two, then each two.
 * @param {number} ms
 * @returns {number} 0, 0.5, 1, 2, 4, 6... minutes, the last of these that has passed
 */
export function milestone(ms) {
  const passed = Math.floor(ms / 60_000);
  if (passed < 2) return passed === 0 && ms >= 30_000 ? 0.5 : passed;
  return passed - (passed % 2);
}

/**
 * When is it time to say that there is more than waiting? At once where nobody can be asked.
 * @param {number} ms waited so far
 * @param {boolean} nobody
 * @returns {number} how many of these moments have come
 */
export function choice(ms, nobody) {
  return CHOICES_MS.filter((each) => ms >= each).length + (nobody ? 1 : 0);
}

/**
 * A moment of these days, as "Sunday 14:05".
 * @param {number} at_ms of this device's clock
 * @param {string} language
 */
export function moment(at_ms, language) {
  const form = new Intl.DateTimeFormat(language || "en", { weekday: "long", hour: "numeric", minute: "2-digit" });
  return form.format(at_ms);
}

/**
 * @param {number} ms a duration; below zero counts as zero
 * @returns {string} "0:07", "12:30"
 */
export function minutes(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
