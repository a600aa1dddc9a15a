/** What has somebody tried in their practice? A set that only grows, and what is said of it. */

/** @import { Try } from "../call/played_side.js" */

/** In the order in which they are listed. @type {readonly Try[]} */
export const TRIES = ["speak", "light", "zoom", "freeze", "photo", "typed"];

/**
 * @param {readonly Try[]} tried
 * @param {Try} what
 * @returns {readonly Try[]} the same one if it was in it
 */
export const trying = (tried, what) => (tried.includes(what) ? tried : [...tried, what]);

/**
 * What is new of it. Short, because a person may be speaking.
 * @param {readonly Try[]} before
 * @param {readonly Try[]} after
 * @returns {string[]} keys of sentences: what was tried, and at the end that it was everything
 */
export function news(before, after) {
  const fresh = after.filter((each) => !before.includes(each)).map((each) => `try.${each}`);
  return fresh.length && after.length === TRIES.length ? [...fresh, "practice.all"] : fresh;
}
