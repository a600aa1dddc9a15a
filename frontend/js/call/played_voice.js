/** How does a played Requester speak, and do they hear the Volunteer? By a clip, and by an analyser. */

const HEARD = 0.02;
const SAMPLES = 2048;

export class PlayedVoice {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {MediaStreamAudioDestinationNode | null} */
  #out = null;
  /** @type {Promise<AudioBuffer | null>} */
  #clip = Promise.resolve(null);
  /** @type {AnalyserNode | null} */
  #ear = null;
  #samples = new Float32Array(SAMPLES);
  // Where no element plays a track that came over the line, some browsers do not bring it in at all.
  #player = Object.assign(new Audio(), { muted: true });

  /** @param {string} address of the clip */
  constructor(address) {
    this.address = address;
  }

  /** Inside a tap: from here on it can be heard. */
  open() {
    const context = new AudioContext();
    this.#context = context;
    void context.resume().catch(() => undefined);
    this.#out = context.createMediaStreamDestination();
    this.#clip = this.#load(context).catch(() => null);
  }

  get track() {
    return this.#out?.stream.getAudioTracks()[0] ?? null;
  }

  /** What is said stands beside it in words: a clip that cannot be played keeps nobody from practising. */
  async say() {
    const clip = await this.#clip;
    if (!clip || !this.#context || !this.#out) return;
    const source = new AudioBufferSourceNode(this.#context, { buffer: clip });
    source.connect(this.#out);
    source.start();
  }

  /** @param {MediaStreamTrack} track the Volunteer's */
  listen(track) {
    const stream = new MediaStream([track]);
    this.#player.srcObject = stream;
    void this.#player.play().catch(() => undefined);
    if (!this.#context) return;
    this.#ear?.disconnect();
    this.#ear = new AnalyserNode(this.#context, { fftSize: SAMPLES });
    this.#context.createMediaStreamSource(stream).connect(this.#ear);
  }

  /** Is the Volunteer heard at this moment? */
  get hears() {
    if (!this.#ear) return false;
    this.#ear.getFloatTimeDomainData(this.#samples);
    return this.#samples.some((sample) => Math.abs(sample) > HEARD);
  }

  close() {
    this.#player.srcObject = null;
    this.#ear = null;
    this.track?.stop();
    void this.#context?.close();
    this.#context = this.#out = null;
  }

  /** @param {AudioContext} context */
  async #load(context) {
    const answer = await fetch(this.address);
    return answer.ok ? context.decodeAudioData(await answer.arrayBuffer()) : null;
  }
}
