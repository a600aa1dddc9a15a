/** When does somebody help? The browser knows the time zone, and hours that are written are meant. */

import { find } from "./dom.js";

export function prepareHelp() {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  for (const zone of document.querySelectorAll("[name=time_zone]")) {
    if (zone instanceof HTMLInputElement) zone.value ||= here;
  }
  const byHours = find("[name=when][value=hours]", HTMLInputElement);
  for (const time of document.querySelectorAll("input[type=time]")) {
    time.addEventListener("change", () => (byHours.checked = true));
  }
}
