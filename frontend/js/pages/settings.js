/** A Volunteer's settings: with what and when they help, and how it rings here. */

import { prepareHelp } from "../ui/help_form.js";
import { createRinging } from "../ui/ringing.js";

prepareHelp();
createRinging();
