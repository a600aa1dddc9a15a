/** Is somebody there now? Asked before the camera opens: nobody shows a closed door their kitchen. */

import { glance } from "./glance.js";

/**
 * @param {boolean} has_hours a house without opening hours is always open, and not asked
 * @returns {() => Promise<string>} when help is there again; "" while it is, or if nobody can say
 */
export function createHours(has_hours) {
  return async () => {
    if (!has_hours) return "";
    const answer = await glance("/hours/").catch(() => null);
    return answer?.open === false ? answer.text : "";
  };
}
