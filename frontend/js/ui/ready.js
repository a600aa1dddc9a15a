/** A Volunteer answers a call-back: how does the person hear it, and how long may they take? */

/**
 * @import { HelpView } from "../protocol.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { RingDialog } from "./dialog.js";
import { button, element, find, press, write } from "./dom.js";

// The house waits as long, then it calls back again.
const CONFIRM_MS = 45_000;

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {{now_ms: () => number, onStart: () => void, onCancel: () => void}} parts
 */
export function createReady(voice, views, { now_ms, onStart, onCancel }) {
  const root = find("#ready", HTMLDialogElement);
  // Escape ends the noise only: giving up one's place by accident would be too easy.
  const dialog = new RingDialog(root, voice.announcer, views, () => voice.tones.stopRinging());
  /** @type {string | null} */
  let ringing = null;
  let until_ms = 0;
  let timer = 0;

  press(button("#start", root), views, () => {
    voice.tones.unlock();
    voice.tones.stopRinging();
    onStart();
  });
  press(button("#give-up", root), views, onCancel);

  function tick() {
    const seconds = Math.max(0, Math.ceil((until_ms - now_ms()) / 1000));
    write(element("#ready-left"), voice.words("seconds", { n: seconds }));
  }

  /** @param {HelpView | null} help */
  function show(help) {
    const call = help?.state === "confirming" ? help.call : null;
    if (!call) return close();
    if (ringing === call.id) return;
    ringing = call.id;
    until_ms = call.since_ms + CONFIRM_MS;
    tick();
    dialog.open();
    voice.tones.startRinging();
    timer = window.setInterval(tick, 500);
  }

  function close() {
    if (!ringing) return;
    ringing = null;
    clearInterval(timer);
    voice.tones.stopRinging();
    dialog.close();
  }

  return { show };
}
