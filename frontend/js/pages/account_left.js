/** Somebody has left this device: it forgets what they chose, and rings for them no more. */

import { remember } from "../net/whose.js";
import { ask, subscription, unsubscribe } from "../push/subscribe.js";
import { element } from "../ui/dom.js";

for (const storage of [() => localStorage, () => sessionStorage]) {
  try {
    storage().clear();
  } catch {
    // A browser that forbids it has kept nothing.
  }
}
dispatchEvent(new CustomEvent("assist.mine", { detail: {} }));
const { me = "" } = element("[data-me]").dataset;
remember({ me, met: me !== "" });
void silence().catch(() => undefined);

/** Unless it rings for a Volunteer, who is still signed in here. */
async function silence() {
  const mine = await subscription();
  if (!mine) return;
  const known = await ask("/push/devices/", { endpoint: mine.endpoint });
  const rings = known?.ok ? (await known.json()).here : false;
  if (!rings) await unsubscribe();
}
