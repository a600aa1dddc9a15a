import assert from "node:assert/strict";
import { test } from "node:test";

import { USUAL, mineOf } from "../../frontend/js/state/mine.js";
import { fieldsOf, readForm } from "../../frontend/js/ui/mine_form.js";

/** What a browser reads from a form in which these values are chosen. */
function formOf(fields) {
  const form = new FormData();
  for (const [name, values] of fields) for (const value of values) form.append(name, value);
  return form;
}

const CHOSEN = mineOf({
  name: "Maria", languages: ["pl", "en"], topics: ["reading", "indoors"], among: "circle",
  announcements: "less", tones: false, volume: 30, vibration: false, contrast: "more", size: 150,
  hints: false, braille: true, typing: "line", camera: "off", lens: "wide",
  may: { light: "never", zoom: "ask", lens: "never", photo: "allow" },
});

test("what is chosen comes back from the form as it went in, also what the form does not show", () => {
  for (const mine of [USUAL, CHOSEN]) {
    assert.deepEqual(readForm(formOf(fieldsOf(mine)), mine), mine);
  }
});

test("each control changes its own line of the document and no other", () => {
  const changes = {
    name: ["Jo", { name: "Jo" }], language: ["da", { languages: ["da"] }], topic: ["cooking", { topics: ["cooking"] }],
    announcements: ["less", { announcements: "less" }], volume: ["0", { volume: 0 }], contrast: ["more", { contrast: "more" }],
    size: ["200", { size: 200 }], camera: ["off", { camera: "off" }], "may.zoom": ["never", { may: { ...USUAL.may, zoom: "never" } }],
  };
  for (const [name, [value, change]] of Object.entries(changes)) {
    const fields = fieldsOf(USUAL).set(name, [value]);
    assert.deepEqual(readForm(formOf(fields), USUAL), { ...USUAL, ...change }, name);
  }
  for (const tick of ["tones", "vibration", "braille", "hints"]) {
    const fields = fieldsOf(USUAL).set(tick, USUAL[tick] ? [] : ["on"]);
    assert.deepEqual(readForm(formOf(fields), USUAL)[tick], !USUAL[tick], tick);
  }
});

test("a place left empty between two languages is no language", () => {
  const fields = fieldsOf(USUAL).set("language", ["", "fi", "", "da"]);
  assert.deepEqual(readForm(formOf(fields), USUAL).languages, ["fi", "da"]);
});

test("showing what one types goes with braille until somebody decides it", () => {
  const reads = readForm(formOf(fieldsOf(USUAL).set("braille", ["on"])), USUAL);
  assert.deepEqual([reads.typing, fieldsOf(reads).get("typing")], ["usual", ["on"]]);
  const never = readForm(formOf(fieldsOf(reads).set("typing", [])), reads);
  assert.equal(never.typing, "line");
  const live = readForm(formOf(fieldsOf(USUAL).set("typing", ["on"])), USUAL);
  assert.equal(live.typing, "live");
});
