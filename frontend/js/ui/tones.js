/** How are the short sounds and touches made? On the device, as loud as the person wants them. */

/**
 * @import { Note, Tone } from "./earcons.js"
 * @typedef {{tones: boolean, volume: number, vibration: boolean}} Wishes `volume`: percent
 */

import { EARCONS, PARTIALS, peak } from "./earcons.js";

const RING_EVERY_MS = 2_500;
const ATTACK_S = 0.012;
const CUT_S = 0.03;

export class Tones {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {GainNode | null} what sounded last */
  #last = null;
  #ring = 0;
  /** @type {() => {volume: number, vibration: boolean}} how this device rings: loud, if nobody chose */
  ringing = () => ({ volume: 100, vibration: this.wishes().vibration });

  /** @param {() => Wishes} wishes */
  constructor(wishes) {
    this.wishes = wishes;
  }

  /** Inside a tap: from here on the page may be heard. */
  unlock() {
    this.#context ??= new AudioContext();
    void this.#context.resume().catch(() => undefined);
  }

  /** Would a ring be silent? A browser keeps a page quiet until it has been touched. */
  get silent() {
    return this.#context?.state !== "running";
  }

  /** @param {Tone} tone */
  play(tone) {
    const { tones, vibration } = this.wishes();
    // A ring is no hint but a telephone: who is called hears it.
    if (tones || tone === "ring") this.#sound(tone);
    if (tone === "ring" ? this.ringing().vibration : vibration) touch(EARCONS[tone].touch_ms);
  }

  /**
   * Inside a tap: how does it sound, even where they are turned off?
   * @param {Tone} tone
   */
  async try(tone) {
    this.unlock();
    await this.#context?.resume();
    this.#sound(tone);
    if ((tone === "ring" ? this.ringing() : this.wishes()).vibration) touch(EARCONS[tone].touch_ms);
  }

  startRinging() {
    this.stopRinging();
    const once = () => this.play("ring");
    once();
    this.#ring = window.setInterval(once, RING_EVERY_MS);
  }

  stopRinging() {
    if (!this.#ring) return;
    clearInterval(this.#ring);
    this.#ring = 0;
    this.#hush();
    touch([0]);
  }

  /** @param {Tone} tone one at a time: two at once are a noise, and might clip */
  #sound(tone) {
    const context = this.#context;
    if (!context || context.state !== "running") return;
    this.#hush();
    const { volume } = tone === "ring" ? this.ringing() : this.wishes();
    this.#last = new GainNode(context, { gain: peak(tone, volume) });
    this.#last.connect(context.destination);
    for (const note of EARCONS[tone].notes) strike(context, note, this.#last);
  }

  #hush() {
    const at_s = this.#context?.currentTime ?? 0;
    this.#last?.gain.setTargetAtTime(0, at_s, CUT_S / 3);
    this.#last = null;
  }
}

/**
 * @param {readonly number[]} pulses_ms a page that was never touched may not, and would only be scolded
 */
function touch(pulses_ms) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([...pulses_ms]);
}

/**
 * As a small bell: quickly there, and fading. Without a ramp at both ends a tone clicks.
 * @param {AudioContext} context
 * @param {Note} note
 * @param {AudioNode} out
 */
function strike(context, [pitch_hz, at_s, long_s], out) {
  const [start, end] = [context.currentTime + at_s, context.currentTime + at_s + long_s];
  const bell = new GainNode(context, { gain: 0 });
  bell.gain.setValueAtTime(0, start);
  bell.gain.linearRampToValueAtTime(1, start + ATTACK_S);
  bell.gain.exponentialRampToValueAtTime(0.05, end - ATTACK_S);
  bell.gain.linearRampToValueAtTime(0, end);
  bell.connect(out);
  for (const [times, share] of PARTIALS) {
    const source = new OscillatorNode(context, { frequency: pitch_hz * times });
    source.connect(new GainNode(context, { gain: share })).connect(bell);
    source.start(start);
    source.stop(end);
  }
}
