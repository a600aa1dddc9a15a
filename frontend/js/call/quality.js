/** How good is the connection? Numbers from the browser's own counts; of what is seen or said, none. */

/** @import { LegQuality } from "../protocol.js" */

/**
 * @typedef {{
 *   at_ms: number, sent_bytes: number, received_bytes: number, received: number, lost: number,
 *   freezes: number, width: number, height: number, frames_s: number, round_trip_ms: number | null,
 * }} Counts since the connection began; picture and round trip as they are now
 */

const MOST = { rate: 1_000_000, ms: 60_000, pixels: 16_384, frames: 240, freezes: 1_000 };

/**
 * @param {Iterable<any>} reports of `getStats`; browsers leave out what they do not count
 * @param {number} at_ms
 * @returns {Counts}
 */
export function countsOf(reports, at_ms) {
  /** @type {Counts} */
  const counts = {
    at_ms, sent_bytes: 0, received_bytes: 0, received: 0, lost: 0, freezes: 0,
    width: 0, height: 0, frames_s: 0, round_trip_ms: null,
  };
  for (const each of reports) {
    if (each.type === "candidate-pair" && each.nominated) {
      const seconds = each.currentRoundTripTime;
      counts.round_trip_ms = typeof seconds === "number" ? seconds * 1000 : null;
    }
    if (each.type === "outbound-rtp") counts.sent_bytes += each.bytesSent ?? 0;
    if (each.type === "inbound-rtp") {
      counts.received_bytes += each.bytesReceived ?? 0;
      counts.received += each.packetsReceived ?? 0;
      counts.lost += each.packetsLost ?? 0;
      counts.freezes += each.freezeCount ?? 0;
    }
    if ((each.type === "outbound-rtp" || each.type === "inbound-rtp") && each.frameWidth) {
      counts.width = each.frameWidth;
      counts.height = each.frameHeight ?? 0;
      counts.frames_s = each.framesPerSecond ?? 0;
    }
  }
  return counts;
}

/**
 * @param {Counts} before
 * @param {Counts} after
 * @returns {LegQuality}
 */
export function qualityOf(before, after) {
  const ms = Math.max(1, after.at_ms - before.at_ms);
  // What came late after all is no longer lost: the count goes back.
  const lost = Math.max(0, after.lost - before.lost);
  const due = lost + Math.max(0, after.received - before.received);
  const { round_trip_ms } = after;
  return {
    sent_kbit_s: whole(((after.sent_bytes - before.sent_bytes) * 8) / ms, MOST.rate),
    received_kbit_s: whole(((after.received_bytes - before.received_bytes) * 8) / ms, MOST.rate),
    lost_share: due ? Math.round((lost / due) * 1000) / 1000 : 0,
    round_trip_ms: round_trip_ms === null ? null : whole(round_trip_ms, MOST.ms),
    width: whole(after.width, MOST.pixels),
    height: whole(after.height, MOST.pixels),
    frames_s: whole(after.frames_s, MOST.frames),
    freezes: whole(after.freezes - before.freezes, MOST.freezes),
  };
}

/**
 * @param {number} value
 * @param {number} most
 */
const whole = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
