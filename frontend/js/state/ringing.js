/**
 * How loud does this device ring for a Volunteer, and does it vibrate? Kept on the device, because a
 * phone in a pocket and a computer on a desk want different things.
 *
 *   { volume: 100, vibration: true }   percent; 0 is for who would rather only see or feel it
 */

/** @typedef {{volume: number, vibration: boolean}} Ringing */

export const KEY = "assist.ring";
/** @type {Ringing} */
const USUAL = { volume: 100, vibration: true };

/** @typedef {Pick<Storage, "getItem" | "setItem">} Memory */

/**
 * What makes no sense becomes the usual: a ring that nobody hears must have been chosen.
 * @param {Memory} memory
 * @returns {Ringing}
 */
export function ringing(memory = localStorage) {
  try {
    const { volume, vibration } = JSON.parse(memory.getItem(KEY) ?? "{}") ?? {};
    const known = typeof volume === "number" && volume >= 0 && volume <= 100;
    return { volume: known ? volume : USUAL.volume, vibration: vibration !== false };
  } catch {
    return USUAL;
  }
}

/**
 * @param {Ringing} chosen
 * @param {Memory} memory
 */
export function keepRinging(chosen, memory = localStorage) {
  try {
    memory.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // A memory that is full or forbidden: it rings as usual.
  }
}
