/** A Volunteer's settings: the browser knows the time zone, and hours that are written are meant. */

import { find } from "../ui/dom.js";

const zone = find("#time-zone", HTMLInputElement);
zone.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

const byHours = find("[name=when][value=hours]", HTMLInputElement);
for (const time of document.querySelectorAll("input[type=time]")) {
  time.addEventListener("change", () => (byHours.checked = true));
}
