/**
 * Which short sound, and which touch, goes with which event? One table, and nothing is played here.
 *
 * Up is good news, down is bad news: "back" is "lost" turned round and made quick, and "ended" comes
 * down the steps that "connected" went up. Each pair differs in at least two of contour, rhythm and
 * register, so that a tired ear in a noisy street still tells them apart; the touches differ in how
 * many pulses there are, or in how long they last. A test holds both.
 */

/**
 * @typedef {"asking" | "waiting" | "ringing" | "connected" | "lost" | "back" | "ended" | "message"
 *   | "photo" | "hint" | "ring"} Tone `ringing`: people are being rung now; `ring`: this device rings
 * @typedef {[pitch_hz: number, at_s: number, length_s: number]} Note one after the other
 * @typedef {{notes: readonly Note[], level: number, touch_ms: readonly number[]}} Earcon
 *   `level`: 0 to 1, before the person's own volume. `touch_ms`: on, off, on... as phones take it
 */

/** @type {Record<Tone, Earcon>} */
export const EARCONS = {
  // A question that goes out: two equal steps and a lifted voice.
  asking: { notes: [[392, 0, 0.14], [392, 0.17, 0.14], [523.25, 0.34, 0.3]], level: 0.9, touch_ms: [40, 60, 40] },
  // Somebody breathes beside you. It comes every few seconds, so it is hardly there.
  waiting: { notes: [[196, 0, 0.35]], level: 0.5, touch_ms: [15] },
  // A telephone far away.
  ringing: {
    notes: [[880, 0, 0.07], [1046.5, 0.08, 0.07], [880, 0.16, 0.07], [1046.5, 0.24, 0.07], [880, 0.32, 0.07], [1046.5, 0.4, 0.12]],
    level: 0.55, touch_ms: [30, 40, 30, 40, 30, 40, 30],
  },
  connected: {
    notes: [[523.25, 0, 0.11], [659.26, 0.12, 0.11], [783.99, 0.24, 0.11], [1046.5, 0.36, 0.34]],
    level: 1, touch_ms: [60, 50, 60, 50, 200],
  },
  lost: { notes: [[329.63, 0, 0.28], [220, 0.3, 0.4]], level: 1, touch_ms: [450] },
  back: { notes: [[220, 0, 0.12], [329.63, 0.13, 0.3]], level: 1, touch_ms: [90, 70, 260] },
  ended: { notes: [[783.99, 0, 0.24], [659.26, 0.26, 0.24], [523.25, 0.52, 0.4]], level: 0.9, touch_ms: [220, 120, 220, 120, 220] },
  message: { notes: [[1174.66, 0, 0.06], [1567.98, 0.07, 0.06], [1318.51, 0.14, 0.2]], level: 0.7, touch_ms: [60] },
  // The two clicks of a shutter.
  photo: { notes: [[2637, 0, 0.03], [1760, 0.1, 0.04]], level: 0.9, touch_ms: [25, 100, 25] },
  // A drop of water: it says that something is not quite right, and no more.
  hint: { notes: [[311.13, 0, 0.05], [466.16, 0.06, 0.09]], level: 0.6, touch_ms: [20, 140, 20, 140, 20] },
  ring: {
    notes: [[659.26, 0, 0.28], [783.99, 0.3, 0.28], [659.26, 0.6, 0.28], [783.99, 0.9, 0.34]],
    level: 1, touch_ms: [300, 150, 300],
  },
};

// Under the voice of a screen reader, however loud: a quarter of what a loudspeaker takes. A ring
// calls somebody from the next room, and nothing is being read out then.
const MOST = 0.25;
const MOST_RING = 0.6;

/**
 * The highest that an earcon's wave can be, 0 to 1: what is sounded is never above it.
 * @param {Tone} tone
 * @param {number} volume percent, as the person chose it; heard as even steps
 */
export const peak = (tone, volume) =>
  (tone === "ring" ? MOST_RING : MOST * EARCONS[tone].level) * (volume / 100) ** 2;

/**
 * A soft timbre: the pitch itself, and a little of the octave above. Together they make 1.
 * @type {readonly [times: number, share: number][]}
 */
export const PARTIALS = [[1, 0.8], [2, 0.2]];

/** @param {Tone} tone */
export const length_s = (tone) => Math.max(...EARCONS[tone].notes.map(([, at_s, long_s]) => at_s + long_s));
