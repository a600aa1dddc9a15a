/** Where does a sentence break, so that each line fits on a braille display? */

export const CELLS = 40;

/**
 * Breaks after blanks, and within a word only where it alone is longer than a line. Put together the
 * lines are the sentence again, letter by letter: a line that ends with a word ends with its blank.
 * @param {string} text
 * @param {number} cells the longest line, its last blank not counted
 * @returns {string[]} at least one
 */
export function linesOf(text, cells = CELLS) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  for (const word of text.match(/\s*\S+\s*/gu) ?? [text]) {
    if (line && size((line + word).trimEnd()) > cells) {
      lines.push(line);
      line = "";
    }
    line += word;
    for (; size(line.trimEnd()) > cells; line = [...line].slice(cells).join("")) {
      lines.push([...line].slice(0, cells).join(""));
    }
  }
  return [...lines, line];
}

/** @param {string} text */
const size = (text) => [...text].length;
