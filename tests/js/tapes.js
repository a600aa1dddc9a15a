/** Do the pages' own reducers end where the Snapshot does? Reads tapes, prints what differs. */

import { readFileSync } from "node:fs";
import * as requester from "../../frontend/js/state/requester.js";
import * as volunteer from "../../frontend/js/state/volunteer.js";

const MACHINES = { "snapshot.requester": requester, "snapshot.volunteer": volunteer };
const FACTS = {
  "snapshot.requester": ["seq", "help"],
  "snapshot.volunteer": ["seq", "state", "taking", "why", "offer", "help_request", "call"],
};

const tapes = JSON.parse(readFileSync(0, "utf8"));
const wrong = [];
for (const { first, heard, last } of tapes) {
  const { reduce, NOTHING } = MACHINES[first.type];
  const known = [first, ...heard].reduce((state, message) => reduce(state, message, 0), NOTHING);
  const told = reduce(NOTHING, last, 0);
  for (const fact of FACTS[first.type]) {
    const [has, should] = [known[fact], told[fact]].map((value) => JSON.stringify(value));
    if (has !== should) wrong.push(`${first.type} ${fact}: knows ${has}, true is ${should}`);
  }
}
console.log(JSON.stringify({ tapes: tapes.length, wrong }));
