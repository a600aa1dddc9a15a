/**
 * What does the camera of a played Requester do? As a phone's: it shows, lights up, comes nearer.
 *
 * A canvas stands in for the lens, so that nobody's camera is opened to practise.
 */

/**
 * @import { Camera, Seen } from "./camera.js"
 * @import { Scene } from "./carton.js"
 * @import { Still } from "./still.js"
 */

import { HEIGHT, WIDTH, draw } from "./carton.js";

const FRAME_MS = 100;
const MOST_TIMES = 4;
const STILL_SCALE = 2.5;
const STILL_QUALITY = 0.85;

/** @type {Seen} dark, until the Volunteer turns the light on */
const BEGINNING = {
  is: "on", light: false, able: true, times: 1, most: MOST_TIMES, lenses: [], lens: "", cameras: 1,
};

/** @implements {Pick<Camera, "seen" | "track" | "setLight" | "setTimes" | "nextLens" | "again">} */
export class PlayedCamera {
  seen = BEGINNING;
  /** @type {MediaStreamTrack | null} */
  track = null;
  #timer = 0;
  #frames = 0;
  #canvas = canvasOf(1);

  /**
   * @param {Scene["words"]} words on the carton
   * @param {() => void} onChange
   */
  constructor(words, onChange) {
    this.words = words;
    this.onChange = onChange;
  }

  open() {
    this.seen = BEGINNING;
    this.#frames = 0;
    this.#draw();
    this.track = this.#canvas.captureStream(1000 / FRAME_MS).getVideoTracks()[0] ?? null;
    this.#timer = window.setInterval(() => this.#draw(), FRAME_MS);
  }

  close() {
    clearInterval(this.#timer);
    this.track?.stop();
    this.track = null;
  }

  /** @param {boolean} light */
  async setLight(light) {
    return this.#set({ light });
  }

  /** @param {number} times */
  async setTimes(times) {
    return this.#set({ times: Math.min(MOST_TIMES, Math.max(1, times)) });
  }

  /** @returns {Promise<"none">} there is no other */
  async nextLens() {
    return "none";
  }

  async again() {}

  /** @returns {Promise<Still | null>} what it shows now, drawn anew with more in it */
  async still() {
    const canvas = canvasOf(STILL_SCALE);
    this.#drawOnto(canvas, STILL_SCALE);
    /** @type {Blob | null} */
    const jpeg = await new Promise((done) => canvas.toBlob(done, "image/jpeg", STILL_QUALITY));
    return jpeg && { bytes: await jpeg.arrayBuffer(), width: canvas.width, height: canvas.height };
  }

  /** @param {Partial<Seen>} change */
  #set(change) {
    this.seen = { ...this.seen, ...change };
    this.#draw();
    this.onChange();
    return this.track !== null;
  }

  #draw() {
    this.#frames += 1;
    this.#drawOnto(this.#canvas, 1);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} scale
   */
  #drawOnto(canvas, scale) {
    const { light, times } = this.seen;
    const context = canvas.getContext("2d");
    if (context) draw(context, scale, { light, times, at_s: (this.#frames * FRAME_MS) / 1000, words: this.words });
  }
}

/** @param {number} scale */
const canvasOf = (scale) =>
  Object.assign(document.createElement("canvas"), { width: WIDTH * scale, height: HEIGHT * scale });
