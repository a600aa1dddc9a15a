/** What does the house say just now? A short look, for which nobody waits long. */

const PATIENCE_MS = 2_000;

/**
 * @param {string} address answers with JSON
 * @returns {Promise<any>} rejected where nobody can say
 */
export async function glance(address) {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), PATIENCE_MS);
  try {
    return await (await fetch(address, { signal: impatience.signal })).json();
  } finally {
    clearTimeout(timer);
  }
}
