/** Does a microphone hear anything: one's own, before a call, and the other person's in it? */

const LISTEN_MS = 1_500;
const HEARD = 0.01;
/** At 48 kHz two thirds of a second: a pause within a sentence is shorter. */
const RECENT_SAMPLES = 32_768;

/**
 * @param {MediaStreamTrack} track
 * @param {(level: number) => void} onLevel 0 to 1, some twenty times a second
 * @returns {Promise<boolean>} whether anything was heard
 */
export async function listen(track, onLevel) {
  const context = new AudioContext();
  await context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let most = 0;
  const watch = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const level = Math.max(...samples.map(Math.abs));
    most = Math.max(most, level);
    onLevel(level);
  }, 50);
  await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
  clearInterval(watch);
  await context.close();
  return most > HEARD;
}

/** Is the other person heard just now? Nothing is looked at until somebody asks. */
export class Ear {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AnalyserNode | null} */
  #analyser = null;
  #samples = new Float32Array(RECENT_SAMPLES);

  /** @param {MediaStreamTrack} track of the latest connection */
  listen(track) {
    this.#context ??= new AudioContext();
    void this.#context.resume().catch(() => undefined);
    this.#analyser?.disconnect();
    this.#analyser = new AnalyserNode(this.#context, { fftSize: RECENT_SAMPLES });
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
  }

  /** Whoever cannot tell, does not speak into somebody's sentence. */
  get hears() {
    if (!this.#analyser || this.#context?.state !== "running") return true;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return this.#samples.some((sample) => Math.abs(sample) > HEARD);
  }
}
