/** How much of a photograph is there? Shown, not said: its beginning and its end are. */

import { element, find } from "./dom.js";

/** @param {number | null} share 0 to 1; null while none is on its way */
export function renderProgress(share) {
  element("#photo-progress").hidden = share === null;
  find("#photo-share", HTMLProgressElement).value = share ?? 0;
}
