/** How is the other person heard? One audio element, and a button when the browser keeps quiet. */

/** @import { Tones } from "../ui/tones.js" */

export class Sound {
  #blocked = false;
  #mind = false;

  /**
   * @param {HTMLMediaElement} audio
   * @param {{tones: Tones, tell: (saying: {key: string}) => void}} voice
   */
  constructor(audio, voice) {
    this.audio = audio;
    this.voice = voice;
    /** @type {NodeListOf<HTMLButtonElement>} */
    this.buttons = document.querySelectorAll("button[data-unmute-page]");
    // Any touch of the page is as good as the button.
    for (const type of ["click", "keyup"]) addEventListener(type, () => this.#touched());
    // A phone call, or another app, stops what plays and does not start it again.
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  /** @param {MediaStreamTrack} track */
  set(track) {
    this.audio.srcObject = new MediaStream([track]);
    this.#play();
  }

  stop() {
    this.audio.srcObject = null;
    this.#show(false);
  }

  /**
   * A page that was reloaded while its person takes calls would ring without a sound.
   * @param {boolean} taking
   */
  mind(taking) {
    this.#mind = taking;
    this.#show(this.#blocked);
  }

  #touched() {
    if (this.#mind || this.#blocked) this.voice.tones.unlock();
    if (this.audio.srcObject && this.audio.paused) this.#play();
    this.#show(this.#blocked);
  }

  #seen() {
    if (document.visibilityState !== "visible" || !this.audio.srcObject) return;
    this.voice.tones.unlock();
    if (this.audio.paused) this.#play();
  }

  #play() {
    this.audio.play().then(
      () => this.#show(false),
      (error) => this.#show(error?.name === "NotAllowedError"),
    );
  }

  /** @param {boolean} blocked */
  #show(blocked) {
    if (blocked && !this.#blocked) this.voice.tell({ key: "sound.blocked" });
    this.#blocked = blocked;
    const silent = blocked || (this.#mind && this.voice.tones.silent);
    for (const each of this.buttons) {
      if (!silent && each === document.activeElement) heading(each)?.focus();
      each.hidden = !silent;
    }
  }
}

/**
 * Where the focus goes when the button that had it has done its work.
 * @param {Element} within
 * @returns {HTMLElement | null | undefined}
 */
const heading = (within) => within.closest("[data-view]")?.querySelector("h1");
