/** In which order, and how fast, are things said? A screen reader drops what comes too fast. */

export const GAP_MS = 1_200;

/**
 * @typedef {{text: string, assertive: boolean, topic: string | null, kept: boolean}} Utterance
 *   `kept`: what a person wrote, which waits for as long as it must
 */

/**
 * Assertive ones go first and drop news that waits; of one topic only the latest is worth saying.
 * @param {readonly Utterance[]} queue what waits
 * @param {Utterance} next
 * @returns {Utterance[]}
 */
export function enqueue(queue, next) {
  const kept = queue.filter((each) => each.topic === null || each.topic !== next.topic);
  if (!next.assertive) return [...kept, next];
  const urgent = kept.filter((each) => each.assertive);
  return [...urgent, next, ...kept.filter((each) => !each.assertive && each.kept)];
}

/**
 * How long the next utterance waits for the one before it to be heard.
 * @param {number} now_ms
 * @param {number} last_ms when something was last said
 */
export function wait(now_ms, last_ms) {
  return Math.max(0, last_ms + GAP_MS - now_ms);
}
