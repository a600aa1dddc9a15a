/** What does each sound mean? Whoever presses its name hears it, and feels it where there is touch. */

/** @import { Tone } from "./earcons.js" */

import { EARCONS } from "./earcons.js";
import { Tones } from "./tones.js";

/**
 * @param {ParentNode} root holds the buttons of `_sounds.html`
 * @param {Tones["wishes"]} wishes how loud, and whether with touch; a sound is heard even if they are off
 */
export function createHear(root, wishes) {
  const tones = new Tones(wishes);
  for (const each of root.querySelectorAll("[data-sound]")) {
    const tone = each instanceof HTMLElement ? each.dataset.sound : "";
    if (isTone(tone)) each.addEventListener("click", () => void tones.try(tone));
  }
}

/**
 * @param {string | undefined} name
 * @returns {name is Tone}
 */
const isTone = (name) => name !== undefined && Object.hasOwn(EARCONS, name);
