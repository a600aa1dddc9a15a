import assert from "node:assert/strict";
import { test } from "node:test";

import { OwnLine, TheirLine } from "../../frontend/js/call/typed_line.js";

function clock() {
  let timers = [];
  let last = 0;
  return {
    later: (run, ms) => (timers.push({ id: ++last, run, ms }), last),
    never: (id) => void (timers = timers.filter((each) => each.id !== id)),
    pass: () => { const due = timers; timers = []; for (const { run } of due) run(); return due.map(({ ms }) => ms); },
  };
}

function own(up = true) {
  const time = clock();
  const said = [];
  const line = new OwnLine({ say: (m) => up && said.push(m.text) > 0, later: time.later });
  return { line, said, time, up: (now) => (up = now) };
}

function theirs() {
  const time = clock();
  const [shown, heard] = [[], []];
  const line = new TheirLine({ show: (t) => shown.push(t), hear: (t) => heard.push(t), later: time.later, never: time.never });
  return { line, shown, heard, time };
}

test("quick letters go out together, within half a second, each time as the whole line", () => {
  const { line, said, time } = own();
  for (const text of ["M", "Mi", "Mil", "Milk"]) line.is(text);
  assert.deepEqual(said, []);
  assert.ok(Math.max(...time.pass()) < 300);
  line.is("Mil");
  time.pass();
  assert.deepEqual(said, ["Milk", "Mil"]);
});

test("a line that ended, or did not change, says nothing more", () => {
  const { line, said, time } = own();
  line.is("Milk");
  line.ended();
  time.pass();
  assert.deepEqual(said, []);
  line.is("a");
  time.pass();
  line.is("a");
  time.pass();
  line.is("");
  time.pass();
  assert.deepEqual(said, ["a", ""]);
});

test("what was typed while nobody could hear it is there with the new connection", () => {
  const { line, said, time, up } = own(false);
  line.is("Milk");
  time.pass();
  assert.deepEqual(said, []);
  up(true);
  line.reopened();
  line.reopened();
  assert.deepEqual(said, ["Milk", "Milk"]);
});

test("letters are shown and not heard; the line is heard once, at its end", () => {
  const { line, shown, heard, time } = theirs();
  line.is("Fri");
  line.is("Friday");
  assert.equal(line.ended("Friday"), "Friday");
  time.pass();
  assert.deepEqual(shown, ["Fri", "Friday", ""]);
  assert.deepEqual(heard, []);
});

test("after a pause of three seconds it is heard, and at its end only what came after", () => {
  const { line, heard, time } = theirs();
  line.is("It says Friday");
  assert.deepEqual(time.pass(), [3000]);
  line.is("It says Friday the 1");
  assert.deepEqual(time.pass(), [3000]);
  line.is("It says Friday the 12th");
  assert.equal(line.ended("It says Friday the 12th"), "12th");
  assert.deepEqual(heard, ["It says Friday", "the 1"]);
  line.is("Yes");
  time.pass();
  assert.equal(line.ended("Yes"), "");
});

test("a line that was changed where it had been heard is heard whole", () => {
  const { line, heard, time } = theirs();
  line.is("Thursday");
  time.pass();
  line.is("Friday");
  time.pass();
  line.is("");
  line.is("Friday");
  time.pass();
  assert.deepEqual(heard, ["Thursday", "Friday", "Friday"]);
});

test("a call that ends takes the unfinished line with it", () => {
  const { line, shown, heard, time } = theirs();
  line.is("Fri");
  line.clear();
  time.pass();
  assert.deepEqual([shown.at(-1), heard], ["", []]);
});
