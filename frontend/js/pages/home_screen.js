/** The page that explains the home screen: where the browser can do it itself, one button does it. */

import { startWorkerLate } from "../push/worker.js";
import { button, element } from "../ui/dom.js";

/** @typedef {Event & {prompt: () => Promise<unknown>}} Invitation as Chromium and its kin send it */

const add = button("#add");
const added = element("#added");
/** @type {Invitation | null} */
let invitation = null;

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // no banner of the browser's own; the button asks
  invitation = /** @type {Invitation} */ (event);
  add.hidden = false;
});
add.addEventListener("click", () => {
  void invitation?.prompt();
  invitation = null; // it can be used once; whoever declined is invited again by the browser
});
addEventListener("appinstalled", () => {
  added.textContent = added.dataset.text ?? "";
  // The focus must not fall off the page with its button.
  if (document.activeElement === add) element("h1").focus();
  add.hidden = true;
});
startWorkerLate();
