/** Somebody joins: their browser knows where they live. */

import { prepareHelp } from "../ui/help_form.js";

prepareHelp();
