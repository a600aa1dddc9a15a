/**
 * The house has forgotten this Volunteer; now their browser does. What it keeps for somebody who asks
 * for help in it stays: that is another person here, or the same one in another need.
 */

import { KEY as RING } from "../state/ringing.js";
import { DONE as PRACTISED } from "../ui/practice_door.js";

for (const key of [RING, PRACTISED]) {
  try {
    localStorage.removeItem(key);
  } catch {
    // A browser that forbids it has kept nothing.
  }
}
