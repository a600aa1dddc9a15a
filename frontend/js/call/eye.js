/** How does the phone look through its own camera? A few times a second, while that may help. */

/** @import { Hint } from "./hints.js" */

import { Pace, judge, leaning, look } from "./hints.js";

const LOOK_MS = 300;
const WHOLE_PIXELS = 160;
const CENTRE_PIXELS = /** @type {const} */ ([320, 240]);

export class Eye {
  #video = document.createElement("video");
  #whole = canvas();
  #centre = canvas();
  #pace = new Pace();
  #timer = 0;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  /** @type {number | null} */
  #lean = null;
  /** @type {Hint | null} */
  #before = null;

  /** @param {(hint: Hint) => void} onHint worth a word now */
  constructor(onHint) {
    this.onHint = onHint;
    this.#video.muted = this.#video.playsInline = true;
  }

  /** @param {MediaStreamTrack | null} track null: there is nothing to look at */
  watch(track) {
    if (track === this.#track) return;
    this.#track = track;
    this.#before = this.#lean = null;
    clearInterval(this.#timer);
    removeEventListener("deviceorientation", this.#turned);
    this.#video.srcObject = track && new MediaStream([track]);
    if (!track) return;
    void this.#video.play().catch(() => undefined);
    addEventListener("deviceorientation", this.#turned);
    this.#timer = window.setInterval(() => this.#look(), LOOK_MS);
  }

  /** @param {DeviceOrientationEvent} event */
  #turned = ({ beta, gamma }) => {
    const screenDegrees = screen.orientation?.angle ?? 0;
    this.#lean = beta === null || gamma === null ? null : leaning(beta, gamma, screenDegrees);
  };

  #look() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (document.hidden || this.#video.readyState < 2 || width < 16 || height < 16) return;
    const scale = WHOLE_PIXELS / Math.max(width, height);
    const [across, down] = [Math.min(CENTRE_PIXELS[0], width), Math.min(CENTRE_PIXELS[1], height)];
    const whole = this.#draw(this.#whole, 0, 0, width, height, scale);
    const centre = this.#draw(this.#centre, (width - across) / 2, (height - down) / 2, across, down, 0.5);
    if (!whole || !centre) return;
    this.#before = judge(look(whole, centre), this.#lean, this.#before);
    const hint = this.#pace.meet(this.#before, performance.now());
    if (hint) this.onHint(hint);
  }

  /**
   * @param {HTMLCanvasElement} onto
   * @param {number} left
   * @param {number} top
   * @param {number} width
   * @param {number} height of this part of the frame
   * @param {number} scale
   */
  #draw(onto, left, top, width, height, scale) {
    const [across, down] = [Math.floor(width * scale), Math.floor(height * scale)];
    if (onto.width !== across || onto.height !== down) Object.assign(onto, { width: across, height: down });
    // Read back each time: a picture on the graphics card would have to be fetched from there.
    const context = onto.getContext("2d", { willReadFrequently: true });
    context?.drawImage(this.#video, left, top, width, height, 0, 0, across, down);
    return context?.getImageData(0, 0, across, down);
  }
}

const canvas = () => document.createElement("canvas");
