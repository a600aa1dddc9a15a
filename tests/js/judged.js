/**
 * What does the page find in these photographs? Reads frames from the file that is named first, as
 * [width, height, bytes of red, green, blue, alpha] of the whole and then of the centre, one after
 * the other, and prints a JSON list of hints. For tests/unit/test_frontend_hints.py.
 */

import { readFileSync } from "node:fs";

import { judge, look } from "../../frontend/js/call/hints.js";

const file = readFileSync(process.argv[2]);
let at = 0;

function pixels() {
  const [width, height] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
  const length = width * height * 4;
  const data = new Uint8ClampedArray(file.subarray(at + 8, at + 8 + length));
  at += 8 + length;
  return { data, width, height };
}

const found = [];
while (at < file.length) found.push(judge(look(pixels(), pixels()), null, null));
console.log(JSON.stringify(found));
