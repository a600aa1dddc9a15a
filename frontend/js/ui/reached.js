/** How is a Volunteer rung on this device while its page is closed? The true state, and a try. */

/**
 * @import { Device } from "../push/device.js"
 * @import { Voice } from "./voice.js"
 */

import { device } from "../push/device.js";
import { subscribe, unsubscribe } from "../push/subscribe.js";
import { tryRing } from "../push/trial.js";
import { button, element, find, write } from "./dom.js";

/**
 * @param {Voice} voice
 * @param {(now: Device) => void} onFound told how this device is, once it is known and after each change
 */
export function createReached(voice, onFound) {
  const box = find("#push", HTMLInputElement);
  const hint = element("#push-hint");
  const others = element("#push-others");
  const test = button("#push-test");
  const result = element("#push-result");
  let busy = false;
  let begun = false;

  /** @param {Device} now */
  function show(now) {
    const possible = now.kind === "on" || now.kind === "off";
    box.disabled = !possible && now.kind !== "denied";
    box.checked = now.kind === "on";
    write(hint, voice.words(now.kind === "denied" ? `push.blocked.${now.browser}` : `push.is.${now.kind}`));
    others.hidden = !now.others;
    test.hidden = now.kind !== "on" && !now.others;
    onFound(now);
  }

  const look = async () => show(await device());

  /** The box shows what was wished until the browser has answered, then what is true. */
  async function change() {
    if (busy) return;
    busy = true;
    const wanted = box.checked;
    box.setAttribute("aria-disabled", "true");
    const became = wanted ? await subscribe("volunteer") : (await unsubscribe()) ? "off" : "failed";
    busy = false;
    write(result, "");
    await look();
    box.removeAttribute("aria-disabled"); // only now: the box in a practice looks again when this goes
    voice.tell({ key: `push.${became}`, topic: "push" });
  }

  /** Said and shown beside the button: what it found out stands there until the next try. */
  async function tryOut() {
    if (test.getAttribute("aria-disabled") === "true") return;
    test.setAttribute("aria-disabled", "true");
    say("push.test.asked");
    const came = await tryRing();
    test.removeAttribute("aria-disabled");
    say(`push.test.${came}`);
    await look();
  }

  /** @param {string} key */
  function say(key) {
    write(result, voice.words(key));
    voice.tell({ key, topic: "push" });
  }

  box.addEventListener("change", () => void change());
  test.addEventListener("click", () => void tryOut());

  return {
    /** Once there is a moment for it. */
    begin() {
      if (begun) return;
      begun = true;
      void look();
      // Allowed or forbidden in the browser's own settings meanwhile.
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible" && !busy) void look();
      });
    },
  };
}
