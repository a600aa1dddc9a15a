/** How does what a page needs only later come, also by a line that fails now and then? */

/** @typedef {typeof import("../pages/requester_late.js")} Late */

/** @type {Promise<Late> | null} */
let coming = null;

/** @returns {Promise<Late>} the same one for all; after a failure the next who asks tries again */
export function later() {
  const address = document.querySelector("[data-late]")?.getAttribute("data-late") ?? "";
  coming ??= fetched(address).catch((error) => {
    coming = null;
    throw error;
  });
  return coming;
}

// A browser may remember for as long as the page lives that an import failed. So the file is fetched
// first, as often as it takes, and imported out of the browser's cache.
/** @param {string} address of a module */
export async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} is answered with ${answer.status}`);
  await answer.blob();
  return import(address);
}
