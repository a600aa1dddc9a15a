/**
 * What does the Requester's page need only once help was asked for?
 *
 * On a slow line every module before the button is a wait for it, so whatever can comes in here:
 * import it, and hand it on.
 */

import { takeStill } from "../call/still.js";
import { createHinting } from "../ui/hinting.js";
import { createThank } from "../ui/thank.js";

/** @import { RequesterState } from "../state/requester.js" */
/** @import { Voice } from "../ui/voice.js" */

/** @type {ReturnType<typeof createThank> | null} */
let thank = null;

export const late = {
  createHinting,
  takeStill,
  /**
   * @param {Voice} voice
   * @param {RequesterState} state after a call
   */
  thank(voice, state) {
    thank ??= createThank(voice);
    thank.show(state);
  },
};
