/** How is a hint about the camera given? Spoken before the call, a soft tone in it. */

/**
 * @import { Hint } from "../call/hints.js"
 * @import { Voice } from "./voice.js"
 */

import { Eye } from "../call/eye.js";
import { Ear } from "../call/level.js";

/**
 * @param {Voice} voice
 * @param {() => string} view what the page shows now
 */
export function createHinting(voice, view) {
  const ear = new Ear();
  const eye = new Eye((hint) => give(voice, hint, view() === "call", () => ear.hears));
  /** @type {MediaStreamTrack | null} */
  let camera = null;

  /** Look only where somebody may be helped by it. */
  function follow() {
    const wanted = voice.mine.get().hints && ["waiting", "call"].includes(view());
    eye.watch(wanted ? camera : null);
  }

  /** @param {MediaStreamTrack | null} track of the camera */
  function see(track) {
    camera = track;
    follow();
  }

  voice.mine.watch(follow);
  /** @param {MediaStreamTrack} track the Volunteer's voice */
  const hear = (track) => ear.listen(track);
  return { follow, see, hear };
}

/**
 * @param {Pick<Voice, "tell" | "note" | "tones" | "words">} voice
 * @param {Hint} hint
 * @param {boolean} inCall
 * @param {() => boolean} hears does the Volunteer speak just now?
 */
export function give({ tell, note, tones, words }, hint, inCall, hears) {
  const key = `hint.${hint}`;
  if (!inCall) return tell({ key, topic: "hint" });
  if (!hears()) return tell({ key, topic: "hint", tone: "hint" });
  // While they speak there is the tone, and the line to read: two voices at once are none.
  tones.play("hint");
  note(words(key));
}
