import assert from "node:assert/strict";
import { test } from "node:test";

import { news } from "../../frontend/js/state/monitor.js";

test("who waits to be let in is said once, however often the queue changes meanwhile", () => {
  const heard = [];
  let said = { counts: "", joining: "" };
  for (const [counts, joining] of [["1 waits.", ""], ["2 wait.", "1 person"], ["1 waits.", "1 person"], ["1 waits.", ""], ["1 waits.", "1 person"]]) {
    const now = { counts, joining };
    heard.push(news(said, now).map((topic) => now[topic]));
    said = now;
  }
  assert.deepEqual(heard, [["1 waits."], ["2 wait.", "1 person"], ["1 waits."], [], ["1 person"]]);
});
