/** What does this page owe to the home screen? A call at once from the shortcut, and words offline. */

/**
 * @import { Asking } from "../call/asking.js"
 * @import { Sound } from "../call/sound.js"
 * @import { RequesterState } from "../state/requester.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { startWorkerLate } from "../push/worker.js";
import { find } from "./dom.js";
import { NOTHING, view } from "../state/requester.js";

/**
 * @typedef {{
 *   voice: Voice, views: Views, sound: Sound, asking: Asking,
 *   store: {watch: (watch: (before: RequesterState, now: RequesterState) => void) => void},
 *   call_now: boolean,
 * }} HomeScreenParts `call_now`: by the shortcut of this very device
 */

/** @param {HomeScreenParts} parts */
export function createHomeScreen({ voice, views, store, sound, asking, call_now }) {
  startWorkerLate();
  let isWanted = new URLSearchParams(location.search).has("call");
  // A page that is loaded again does not call again, and nobody reads the shortcut's word there.
  if (isWanted) history.replaceState(history.state, "", location.pathname);

  // Only the first Snapshot tells whether they are waiting, or in a call, already.
  store.watch((before, now) => {
    if (!isWanted || before.run !== NOTHING.run || now.run === NOTHING.run) return;
    isWanted = false;
    if (view(now) !== "start") return;
    if (call_now) return void call();
    voice.tell({ key: "shortcut.press" });
    find("#ask", HTMLButtonElement).focus(); // the page is new: there is no place to be torn from
  });

  async function call() {
    views.expect();
    voice.tones.unlock();
    await asking.begin();
    // Nobody has touched this page yet: some browsers keep it quiet until somebody does.
    sound.mind(true);
    if (voice.tones.silent) voice.tell({ key: "sound.blocked" });
  }
}
