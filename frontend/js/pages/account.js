/** The account's page: whoever this browser is from now on, its other pages hear it. */

import { remember } from "../net/whose.js";
import { element } from "../ui/dom.js";

const { me = "" } = element("[data-me]").dataset;
remember({ me, met: me !== "" });
