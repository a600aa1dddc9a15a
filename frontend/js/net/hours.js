/** Is somebody there now? Asked before the camera opens: nobody shows a closed door their kitchen. */

const PATIENCE_MS = 2_000;

/**
 * @param {boolean} has_hours a house without opening hours is always open, and not asked
 * @returns {() => Promise<string>} when help is there again; "" while it is, or if nobody can say
 */
export function createHours(has_hours) {
  return async () => {
    if (!has_hours) return "";
    const answer = await ask().catch(() => null);
    return answer?.open === false ? answer.text : "";
  };
}

/** @returns {Promise<{open: boolean, text: string}>} */
async function ask() {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), PATIENCE_MS);
  try {
    return await (await fetch("/hours/", { signal: impatience.signal })).json();
  } finally {
    clearTimeout(timer);
  }
}
