/** How does one come to the practice? By a button that is large until it was done once on this device. */

/**
 * @import { Local, VolunteerState } from "../state/volunteer.js"
 * @import { VolunteerSide } from "../call/volunteer_side.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 * @typedef {{script: string, voice: string, says: string}} Played what the house gave for it
 * @typedef {{
 *   store: {get: () => VolunteerState, dispatch: (message: Local) => void,
 *     watch: (watch: (before: VolunteerState, after: VolunteerState) => void) => void},
 *   voice: Voice, views: Views, side: VolunteerSide, played: Played,
 *   load: (address: string) => Promise<typeof import("../pages/volunteer_late.js")>,
 * }} DoorParts
 */

import { button, press } from "./dom.js";

export const DONE = "assist.practised";

/** @param {DoorParts} parts */
export function createPracticeDoor(parts) {
  const { store, voice, views, played, load } = parts;
  const door = button("#practise");
  const render = () => door.classList.toggle("quiet", localStorage.getItem(DONE) !== null);
  let loaded = false;

  async function open() {
    try {
      const { late } = await load(played.script);
      if (!loaded) late.createPracticeRoom(parts, done);
      loaded = true;
      store.dispatch({ type: "local.practice", on: true });
    } catch {
      voice.tell({ key: "practice.unloaded", assertive: true });
    }
  }

  function done() {
    localStorage.setItem(DONE, "1");
    render();
  }

  press(door, views, () => void open());
  render();
}
