import assert from "node:assert/strict";
import { test } from "node:test";

import { VolunteerSide } from "../../frontend/js/call/volunteer_side.js";
import { HELP } from "./facts.js";

const NOTE = { t: "note", text: "Page 2 is read." };

/**
 * A Volunteer's side without a microphone, and the notes that it shows; null: none any more.
 * @param {import("node:test").TestContext} t
 */
function sided(t) {
  globalThis.setInterval = () => 0; // nothing here is looked at again and again
  globalThis.document = new EventTarget();
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  const notes = [];
  const nothing = () => undefined;
  const side = new VolunteerSide({
    send: () => true, onTrack: nothing, onTheirs: nothing, onTyped: nothing, onOpened: nothing, onParted: nothing,
    onPhoto: async () => true, onProgress: nothing, onNote: (note) => notes.push(note), tell: nothing,
  });
  t.after(() => side.leave()); // or it would go on asking for its line
  return { side, notes, says: (message) => side.meeting.parts.onBetween(message) };
}

test("the note of who helped before is shown where the house says that there was somebody", (t) => {
  const { side, notes, says } = sided(t);
  void side.join(HELP, true, true);
  says(NOTE);
  assert.deepEqual(notes, [NOTE]);
});

test("without a hand-over no page can put a word into the mouth of another Volunteer", (t) => {
  const { side, notes, says } = sided(t);
  void side.join(HELP, true, false);
  says(NOTE);
  assert.deepEqual(notes, []);
});

test("before Accept and after the end a note is for nobody, and one hand-over is not the next call's", (t) => {
  const { side, notes, says } = sided(t);
  void side.join(HELP, false);
  says(NOTE);
  void side.join(HELP, true, true);
  side.leave();
  says(NOTE);
  void side.join(HELP, true, false);
  says(NOTE);
  assert.deepEqual(notes, [null]);
});
