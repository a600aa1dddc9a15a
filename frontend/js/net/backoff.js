/** How long until the next try? Full jitter, so that a house full of pages does not come at once. */

const FIRST_MS = 200;
const LEAST_MS = 500;
const MOST_MS = 30_000;

/**
 * The first try comes at once, later ones anywhere up to a bound that doubles from 0.5 to 30 s.
 * @param {number} tries how many have failed in a row
 * @param {() => number} random in [0, 1)
 * @param {number} most_ms
 * @returns {number} milliseconds
 */
export function backoff(tries, random = Math.random, most_ms = MOST_MS) {
  if (tries <= 0) return random() * FIRST_MS;
  return random() * Math.min(most_ms, LEAST_MS * 2 ** Math.min(tries, 20));
}
