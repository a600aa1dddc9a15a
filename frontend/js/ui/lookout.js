/** When does the help with the camera come? With the camera: its script is not needed before. */

/**
 * @import { Voice } from "./voice.js"
 * @typedef {ReturnType<typeof import("./hinting.js").createHinting>} Hinting
 * @typedef {() => Promise<{late: {createHinting: typeof import("./hinting.js").createHinting}}>} Later
 */

/**
 * @param {Voice} voice
 * @param {() => string} view what the page shows now
 * @param {Later} later
 * @returns {Hinting}
 */
export function createLookout(voice, view, later) {
  /** @type {Promise<Hinting | null> | null} */
  let hinting = null;

  /** @param {(hinting: Hinting) => void} run in the order in which it was asked for */
  function then(run) {
    // A call needs no hints: where the script does not come, it is asked for again the next time.
    hinting ??= later().then(({ late }) => late.createHinting(voice, view), () => (hinting = null));
    void hinting.then((here) => here && run(here));
  }

  return {
    follow: () => hinting && then((each) => each.follow()),
    see: (track) => (track || hinting) && then((each) => each.see(track)),
    hear: (track) => then((each) => each.hear(track)),
  };
}
