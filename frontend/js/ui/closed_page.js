/** May this device ring while its page is closed? One checkbox, and plain words when it cannot. */

/**
 * @import { PushRole, Subscribed } from "../push/subscribe.js"
 * @import { Voice } from "./voice.js"
 */

import { canPush, pushIsOn, subscribe, unsubscribe } from "../push/subscribe.js";
import { element, find, write } from "./dom.js";

/**
 * @param {Voice} voice
 * @param {PushRole} role
 * @param {(on: boolean) => void} onChange also told once, how it is at load
 */
export function createClosedPage(voice, role, onChange = () => undefined) {
  const box = find("#push", HTMLInputElement);
  const hint = element("#push-hint");
  const able = canPush();
  box.disabled = !able;
  write(hint, voice.words(able ? "push.hint" : "push.cannot"));
  if (able) void pushIsOn().then(settle);

  /** @param {boolean} on */
  function settle(on) {
    box.checked = on;
    write(hint, voice.words(on ? "push.on" : "push.hint"));
    onChange(on);
  }

  /** The box shows what was wished until the browser has answered, then what is true. */
  async function change() {
    if (box.getAttribute("aria-disabled") === "true") return;
    const wanted = box.checked;
    box.setAttribute("aria-disabled", "true");
    const became = wanted ? await subscribe(role) : await leave();
    box.removeAttribute("aria-disabled");
    settle(await pushIsOn());
    voice.tell({ key: `push.${became}`, topic: "push" });
  }

  /** @returns {Promise<Subscribed | "off">} */
  const leave = async () => ((await unsubscribe()) ? "off" : "failed");

  box.addEventListener("change", () => void change());
}
