/** How does the Volunteer look at the picture? Frozen, nearer, a part of it. */

/** @import { Theirs } from "../call/words_between.js" */
/** @import { Look } from "./zoom.js" */
/** @import { Voice } from "./voice.js" */

import { button, element, find, toggle, write } from "./dom.js";
import { SharpPhoto } from "./sharp.js";
import { MOST, WHOLE, pan, theirStep, transform, zoomIn, zoomOut } from "./zoom.js";

/** @type {Record<string, [number, number]>} */
const ARROWS = {
  ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], ArrowUp: [0, -0.2], ArrowDown: [0, 0.2],
};

export class Picture {
  /** @type {Look} */
  #look = WHOLE;
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
    this.sharp = new SharpPhoto(voice, (covered) => this.#cover(covered));
    this.video = find("#video", HTMLVideoElement);
    this.canvas = find("#frozen", HTMLCanvasElement);
    this.stage = element(".stage");
    this.frame = element("#picture");
    button("#freeze").addEventListener("click", () => this.#freeze());
    button("#zoom-in").addEventListener("click", () => this.#zoom(true));
    button("#zoom-out").addEventListener("click", () => this.#zoom(false));
    this.frame.addEventListener("keydown", (event) => this.#key(event));
    this.frame.addEventListener("click", (event) => this.#centre(event));
    this.video.addEventListener("resize", () => this.#came());
    this.video.addEventListener("loadeddata", () => this.#came());
  }

  /**
   * A new connection brings a new track; until its first frame the last picture stays.
   * @param {MediaStreamTrack} track
   */
  set(track) {
    if (this.#seen) this.#hold();
    this.video.srcObject = new MediaStream([track]);
    void this.video.play().catch(() => undefined);
  }

  /**
   * @param {Theirs} theirs `paused`: they have paused their camera, or have none
   * @param {{asking: boolean}} mine
   */
  render(theirs, mine) {
    this.#paused = theirs.paused === true;
    const nearer = theirs.times !== this.#lens.times;
    this.#lens = { times: theirs.times, most: theirs.most };
    if (nearer) this.#turn(this.#look, this.#seen, true);
    this.sharp.render(theirs, mine);
    this.#cover();
  }

  clear() {
    this.sharp.clear();
    this.video.srcObject = null;
    this.#seen = this.#frozen = this.#paused = false;
    this.canvas.hidden = true;
    this.#lens = { times: 1, most: 1 };
    this.#turn(WHOLE, false);
    this.#cover();
  }

  #came() {
    if (this.video.videoWidth <= 2) return;
    this.#seen = true;
    this.frame.style.aspectRatio = `${this.video.videoWidth} / ${this.video.videoHeight}`;
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
  }

  /**
   * Their camera cannot come nearer to a picture that is held.
   * @param {boolean} nearer
   */
  #zoom(nearer) {
    const held = this.#frozen || this.#covered;
    if (!held && this.zoomTheirs(theirStep(nearer, this.#look, this.#lens))) return;
    this.#turn(nearer ? zoomIn(this.#look) : zoomOut(this.#look));
  }

  /**
   * @param {Look} look
   * @param {boolean} said
   * @param {boolean} changed
   */
  #turn(look, said = true, changed = look.scale !== this.#look.scale) {
    this.#look = look;
    this.stage.style.transform = transform(look);
    button("#zoom-in").setAttribute("aria-disabled", String(look.scale >= MOST));
    button("#zoom-out").setAttribute("aria-disabled", String(look.scale <= 1 && this.#lens.times <= 1));
    if (!changed || !said) return;
    const times = Math.round(look.scale * this.#lens.times * 10) / 10;
    this.voice.announcer.say(this.voice.words("picture.zoom", { times }), { topic: "zoom" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const move = ARROWS[event.key];
    if (!move || this.#look.scale === 1) return;
    event.preventDefault();
    this.#turn(pan(this.#look, ...move));
  }

  /** @param {MouseEvent} event */
  #centre(event) {
    if (this.#look.scale === 1) return;
    const box = this.frame.getBoundingClientRect();
    const dx = (event.clientX - box.left) / box.width - 0.5;
    const dy = (event.clientY - box.top) / box.height - 0.5;
    this.#turn(pan(this.#look, dx, dy));
  }
}
