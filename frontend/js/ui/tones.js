/** Which sound goes with which event? Earcons made here, never the only sign of anything. */

/**
 * @typedef {"asking" | "waiting" | "ringing" | "connected" | "lost" | "back" | "ended" | "message" | "photo"} Tone
 * @typedef {[pitch_hz: number, start_s: number, length_s: number]} Note
 */

/** Rising is good news, falling is bad news, level is neither. @type {Record<Tone, Note[]>} */
const TONES = {
  asking: [[440, 0, 0.12], [440, 0.2, 0.12]],
  waiting: [[330, 0, 0.15]],
  ringing: [[659, 0, 0.25], [784, 0.3, 0.25], [659, 0.6, 0.25], [784, 0.9, 0.3]],
  connected: [[523, 0, 0.12], [659, 0.13, 0.12], [784, 0.26, 0.25]],
  lost: [[587, 0, 0.18], [440, 0.22, 0.3]],
  back: [[440, 0, 0.12], [587, 0.15, 0.2]],
  ended: [[523, 0, 0.15], [392, 0.2, 0.3]],
  message: [[880, 0, 0.08]],
  photo: [[1760, 0, 0.05], [1175, 0.08, 0.06]], // the two clicks of a shutter
};
const RING_EVERY_MS = 2_500;
const LOUDNESS = 0.18;

export class Tones {
  /** @type {AudioContext | null} */
  #context = null;
  #ring = 0;

  /** Inside a tap: from here on the page may be heard. */
  unlock() {
    this.#context ??= new AudioContext();
    void this.#context.resume().catch(() => undefined);
  }

  /** Would a ring be silent? A browser keeps a page quiet until it has been touched. */
  get silent() {
    return this.#context?.state !== "running";
  }

  /** @param {Tone} name */
  play(name) {
    const context = this.#context;
    if (!context || context.state !== "running") return;
    for (const note of TONES[name]) sound(context, note);
  }

  startRinging() {
    this.stopRinging();
    const once = () => {
      this.play("ringing");
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([300, 150, 300]);
    };
    once();
    this.#ring = window.setInterval(once, RING_EVERY_MS);
  }

  stopRinging() {
    clearInterval(this.#ring);
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(0);
  }
}

/**
 * @param {AudioContext} context
 * @param {Note} note
 */
function sound(context, [pitch_hz, start_s, length_s]) {
  const start = context.currentTime + start_s;
  const source = new OscillatorNode(context, { type: "sine", frequency: pitch_hz });
  const gain = new GainNode(context, { gain: 0 });
  // Without a ramp at both ends a tone clicks.
  gain.gain.linearRampToValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
  gain.gain.linearRampToValueAtTime(0, start + length_s);
  source.connect(gain).connect(context.destination);
  source.start(start);
  source.stop(start + length_s + 0.02);
}
