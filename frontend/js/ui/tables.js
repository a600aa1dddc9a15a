/** How does the live queue stand in its tables, without moving under a reader's cursor? */

/**
 * @import { LegQuality, LegState, Queue } from "../protocol.js"
 * @import { Voice } from "./voice.js"
 */

import { find, write } from "./dom.js";
import { minutes } from "./time.js";
import { languageNames } from "./words.js";

/** @typedef {string | {since_ms: number}} Cell a duration counts on by itself */
/** @typedef {{id: string, cells: Cell[]}} Row */

/**
 * @param {Voice} voice
 * @param {() => number} now_ms the server's clock
 */
export function createTables({ words, language }, now_ms) {
  const state = (/** @type {string} */ name) => words(`state.${name}`);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

  /**
   * @param {LegState} name
   * @param {LegQuality | null} quality
   */
  function line(name, quality) {
    const text = words(`line.${name}`);
    if (!quality || quality.round_trip_ms === null) return text;
    const lost = number.format(quality.lost_share * 100);
    return words("line.measured", { line: text, ms: quality.round_trip_ms, lost });
  }

  /** @param {LegQuality | null} quality */
  function picture(quality) {
    if (!quality?.width) return words("picture.none");
    const { width, height, frames_s: frames } = quality;
    return words("picture.size", { width, height, frames });
  }

  const spoken = (/** @type {string[]} */ tags) => languageNames(tags, language);

  /** @type {Record<string, (queue: Queue) => Row[]>} */
  const rows = {
    waiting: ({ waiting }) =>
      waiting.map((row) => ({
        id: row.help_request,
        cells: [
          state(row.state), spoken(row.languages), { since_ms: row.since_ms },
          String(row.asked), String(row.ringing),
        ],
      })),
    calls: ({ calls }) =>
      calls.map((row) => ({
        id: row.call,
        cells: [
          row.volunteer, state(row.state), { since_ms: row.since_ms },
          line(row.requester_leg, row.requester_quality), line(row.volunteer_leg, row.volunteer_quality),
          picture(row.volunteer_quality),
        ],
      })),
    volunteers: ({ volunteers }) =>
      volunteers.map((row) => ({
        id: row.name,
        cells: [row.name, state(row.practising ? "practising" : row.state), spoken(row.languages), { since_ms: row.since_ms }],
      })),
    relays: ({ relays }) =>
      relays.map((row) => ({
        id: row.relay,
        cells: [row.address, `${Math.round(row.load * 100)} %`, String(row.legs)],
      })),
  };

  /** @param {Queue} queue */
  function render(queue) {
    for (const [id, read] of Object.entries(rows)) {
      fill(find(`#${id} tbody`, HTMLTableSectionElement), read(queue), now_ms);
    }
  }

  function tick() {
    for (const cell of document.querySelectorAll("td[data-since]")) tickCell(cell, now_ms);
  }

  return { render, tick };
}

/**
 * Rows are kept by their id, and only text that changed is written: a reader's place stays.
 * @param {HTMLTableSectionElement} body
 * @param {Row[]} rows
 * @param {() => number} now_ms
 */
export function fill(body, rows, now_ms) {
  const old = new Map([...body.rows].map((row) => [row.dataset.id ?? "", row]));
  const empty = old.get("");
  if (empty) empty.hidden = rows.length > 0;
  old.delete("");
  rows.forEach(({ id, cells }, at) => {
    const row = old.get(id) ?? newRow(id, cells.length);
    old.delete(id);
    cells.forEach((cell, column) => writeCell(row.cells[column], cell, now_ms));
    const place = body.rows[at + (empty ? 1 : 0)] ?? null;
    if (place !== row) body.insertBefore(row, place);
  });
  for (const gone of old.values()) gone.remove();
}

/**
 * @param {string} id
 * @param {number} columns
 */
function newRow(id, columns) {
  const row = document.createElement("tr");
  row.dataset.id = id;
  for (let column = 0; column < columns; column += 1) row.insertCell();
  return row;
}

/**
 * @param {HTMLTableCellElement | undefined} target
 * @param {Cell} cell
 * @param {() => number} now_ms
 */
function writeCell(target, cell, now_ms) {
  if (!target) return;
  if (typeof cell === "string") return write(target, cell);
  target.dataset.since = String(cell.since_ms);
  tickCell(target, now_ms);
}

/**
 * @param {Element} cell
 * @param {() => number} now_ms
 */
function tickCell(cell, now_ms) {
  if (!(cell instanceof HTMLElement)) return;
  write(cell, minutes(now_ms() - Number(cell.dataset.since)));
}
