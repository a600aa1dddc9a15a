/** How does a Volunteer choose the ring of this very device? Kept at each change, and heard at once. */

import { keepRinging, ringing } from "../state/ringing.js";
import { button, element, find } from "./dom.js";
import { Tones } from "./tones.js";

export function createRinging() {
  const volume = find("#ring-volume", HTMLInputElement);
  const vibration = find("#ring-vibration", HTMLInputElement);
  const tones = new Tones(() => ({ tones: true, volume: 100, vibration: true }));
  tones.ringing = ringing;
  const chosen = ringing();
  volume.value = String(chosen.volume);
  vibration.checked = chosen.vibration;
  element("#ringing").hidden = false;

  const keep = () => keepRinging({ volume: Number(volume.value), vibration: vibration.checked });
  volume.addEventListener("change", keep);
  vibration.addEventListener("change", keep);
  button("#ring-hear").addEventListener("click", () => (keep(), void tones.try("ring")));
}
