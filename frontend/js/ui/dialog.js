/** How does a ring get the person's attention, and give it back? */

/** @import { Announcer } from "./announce.js" */
/** @import { Views } from "./views.js" */

import { find } from "./dom.js";

export class RingDialog {
  /** @type {Element | null} */
  #before = null;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {Announcer} announcer
   * @param {Views} views
   * @param {() => void} onDismiss Escape says "Not now" as the button does
   */
  constructor(dialog, announcer, views, onDismiss) {
    this.dialog = dialog;
    this.announcer = announcer;
    this.views = views;
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      onDismiss();
    });
  }

  open() {
    if (this.dialog.open) return;
    this.#before = document.activeElement;
    this.dialog.showModal();
    this.announcer.moveInto(this.dialog);
    this.views.settle();
    find("h2", HTMLElement, this.dialog).focus();
  }

  close() {
    if (!this.dialog.open) return;
    this.announcer.moveInto(null);
    this.dialog.close();
    const before = this.#before;
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
    else this.views.focusHeading(document.body.dataset.showing ?? "");
  }
}
