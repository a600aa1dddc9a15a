/** A Volunteer's own page: what this device keeps belongs into the file, too. */

import { ringing } from "../state/ringing.js";
import { find } from "../ui/dom.js";
import { createDownload } from "../ui/everything.js";

createDownload(find("#everything", HTMLAnchorElement), () => ({ ring_here: ringing() }));
