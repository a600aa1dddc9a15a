/** The Requester's Circle: look by itself who has come, and say so. */

import { Announcer } from "../ui/announce.js";
import { look, prepare, tick } from "../ui/circle.js";
import { element } from "../ui/dom.js";

const LOOK_MS = 4_000;

const announcer = new Announcer(element("#announcer"));
prepare(announcer);
setInterval(tick, 1_000);
setInterval(() => look(announcer), LOOK_MS);
