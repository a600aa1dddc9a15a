/**
 * What does the Requester's page need only once help was asked for?
 *
 * On a slow line every module before the button is a wait for it, so whatever can comes in here:
 * import it, and hand it on.
 */

import { takeStill } from "../call/still.js";

export const late = { takeStill };
