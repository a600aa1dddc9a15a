import assert from "node:assert/strict";
import { test } from "node:test";

import { answers } from "../../frontend/js/call/volunteer_side.js";
import { UNSAID } from "../../frontend/js/call/words_between.js";
import { reason } from "../../frontend/js/ui/signs.js";

test("a picture that does not move says why, our own line first", () => {
  assert.equal(reason(false, { mine: 0, theirs: 0 }), null);
  assert.equal(reason(true, { mine: 0, theirs: 0 }), "sign.paused");
  assert.equal(reason(true, { mine: 0, theirs: 7 }), "sign.theirs");
  assert.equal(reason(true, { mine: 9, theirs: 7 }), "sign.mine");
});

test("their word is waited for until it is done or refused, and not for something else", () => {
  const done = {
    light: { t: "light.is", on: true, able: true }, zoom: { t: "zoom.is", times: 2, most: 8 },
    lens: { t: "lens.is", of: 2 }, photo: { t: "photo", id: 1, bytes: 9, width: 3, height: 3 },
    hand: { t: "hand.yes" },
  };
  for (const control of Object.keys(done)) {
    for (const [what, message] of Object.entries(done)) {
      assert.equal(answers(control, message, UNSAID), what === control, `${what} for ${control}`);
    }
    for (const why of ["refused", "unanswered", "never", "busy", "paused", "failed"]) {
      assert.equal(answers(control, { t: "no", control, why }, UNSAID), true);
    }
    const other = control === "light" ? "photo" : "light";
    assert.equal(answers(control, { t: "no", control: other, why: "busy" }, UNSAID), false);
    assert.equal(answers(control, { t: "camera", paused: false }, UNSAID), false);
  }
  // Each of them is said again whenever anything about the camera changes.
  assert.equal(answers("light", { t: "light.is", on: false, able: true }, UNSAID), false);
  assert.equal(answers("zoom", { t: "zoom.is", times: 1, most: 8 }, UNSAID), false);
});
