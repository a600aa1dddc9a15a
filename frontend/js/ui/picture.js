/** What does the Volunteer look at: the moving picture, a frozen one, or a sharp photo? */

/** @import { Theirs } from "../call/words_between.js" */
/** @import { Look } from "./zoom.js" */
/** @import { Voice } from "./voice.js" */

import { button, element, find, toggle, write } from "./dom.js";
import { SharpPhoto } from "./sharp.js";
import { Tools } from "./tools.js";
import { Viewing } from "./viewing.js";
import { theirStep } from "./zoom.js";

export class Picture {
  #frozen = false;
  #seen = false;
  #paused = false;
  #covered = false;
  /** How near their camera itself is. */
  #lens = { times: 1, most: 1 };

  /**
   * @param {Voice} voice
   * @param {(times: number | null) => boolean} zoomTheirs whether their camera is asked to
   */
  constructor(voice, zoomTheirs) {
    this.voice = voice;
    this.zoomTheirs = zoomTheirs;
    this.viewing = new Viewing(voice, (nearer, look) => this.#theirZoom(nearer, look));
    this.tools = new Tools(voice, () => this.viewing.upright());
    this.sharp = new SharpPhoto(voice, (covered) => this.#cover(covered));
    this.video = find("#video", HTMLVideoElement);
    this.canvas = find("#frozen", HTMLCanvasElement);
    button("#freeze").addEventListener("click", () => this.#freeze());
    this.video.addEventListener("resize", () => this.#came());
    this.video.addEventListener("loadeddata", () => this.#came());
    this.sharp.image.addEventListener("load", () => this.#measure());
  }

  /**
   * A new connection brings a new track; until its first frame the last picture stays.
   * @param {MediaStreamTrack} track
   */
  set(track) {
    if (this.#seen && !this.#frozen) this.#hold();
    this.video.srcObject = new MediaStream([track]);
    void this.video.play().catch(() => undefined);
  }

  /**
   * @param {Theirs} theirs `paused`: they have paused their camera, or have none
   * @param {{asking: boolean}} mine
   */
  render(theirs, mine) {
    this.#paused = theirs.paused === true;
    this.#lens = { times: theirs.times, most: theirs.most };
    this.viewing.lensIs(this.#lens);
    this.sharp.render(theirs, mine);
    this.#cover();
  }

  clear() {
    this.sharp.clear();
    this.video.srcObject = null;
    this.#seen = this.#frozen = this.#paused = false;
    this.canvas.hidden = true;
    this.#lens = { times: 1, most: 1 };
    this.viewing.clear();
    this.tools.clear();
    this.#cover();
  }

  #came() {
    if (this.video.videoWidth <= 2) return;
    this.#seen = true;
    if (!this.#frozen) this.canvas.hidden = true;
    this.#cover();
  }

  #freeze() {
    if (this.#covered) return;
    this.#frozen = !this.#frozen;
    if (this.#frozen) this.#hold();
    else this.canvas.hidden = true;
    this.voice.tell({ key: this.#frozen ? "picture.frozen" : "picture.live", topic: "picture" });
    this.#cover();
  }

  #hold() {
    if (!this.video.videoWidth) return;
    this.canvas.width = this.video.videoWidth;
    this.canvas.height = this.video.videoHeight;
    this.canvas.getContext("2d")?.drawImage(this.video, 0, 0);
    this.canvas.hidden = false;
  }

  /** @param {boolean} covered a photograph lies over the moving picture */
  #cover(covered = this.#covered) {
    const { words } = this.voice;
    this.#covered = covered;
    button("#freeze").setAttribute("aria-disabled", String(covered));
    const cover = element("#cover");
    write(cover, words(this.#paused ? "picture.paused" : "picture.coming"));
    cover.hidden = this.#frozen || this.#covered || (this.#seen && !this.#paused);
    toggle(button("#freeze"), this.#frozen, words("freeze"), words("unfreeze"));
    this.#measure();
  }

  /** A photograph has another shape than the moving picture, and so has one of a turned phone. */
  #measure() {
    const { image } = this.sharp;
    const { canvas, video } = this;
    if (this.#covered) this.viewing.shows({ width: image.naturalWidth, height: image.naturalHeight });
    else if (!canvas.hidden) this.viewing.shows(canvas);
    else if (video.videoWidth) this.viewing.shows({ width: video.videoWidth, height: video.videoHeight });
  }

  /**
   * Their camera cannot come nearer to a picture that is held.
   * @param {boolean} nearer
   * @param {Look} look
   */
  #theirZoom(nearer, look) {
    const held = this.#frozen || this.#covered;
    return !held && this.zoomTheirs(theirStep(nearer, look, this.#lens));
  }
}
