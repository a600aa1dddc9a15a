/**
 * What does the Requester's page need only once help was asked for?
 *
 * On a slow line every module before the button is a wait for it, so whatever can comes in here:
 * import it, and hand it on.
 */

import { handed } from "../call/handed.js";
import { takeStill } from "../call/still.js";
import { createAboutWhom } from "../ui/about_whom.js";
import { createHinting } from "../ui/hinting.js";
import { createThank } from "../ui/thank.js";

/** @import { RequesterSide } from "../call/requester_side.js" */
/** @import { Hand } from "../call/words_between.js" */
/** @import { Local, RequesterState } from "../state/requester.js" */
/** @import { Voice } from "../ui/voice.js" */

/** @type {{show: (state: RequesterState) => void}[] | null} */
let afterwards = null;

export const late = {
  createHinting,
  takeStill,
  /**
   * @param {Hand} message
   * @param {RequesterSide} side
   * @param {Voice} voice
   * @param {{dispatch: (message: Local) => void}} store
   */
  hand(message, { consent, meeting }, { tell }, store) {
    const keep = (/** @type {string} */ note) => store.dispatch({ type: "local.hand", note });
    void handed(message, { consent, tell, keep, say: (word) => meeting.say(word) });
  },
  /**
   * @param {Voice} voice
   * @param {RequesterState} state after a call
   */
  after(voice, state) {
    afterwards ??= [createThank(voice), createAboutWhom(voice)];
    for (const each of afterwards) each.show(state);
  },
};
