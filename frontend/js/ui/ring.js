/** What does a ring tell the Volunteer, and how long may they think about it? */

/**
 * @import { OfferView } from "../protocol.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { ringing } from "../state/ringing.js";
import { RingDialog } from "./dialog.js";
import { button, element, find, press, write } from "./dom.js";
import { minutes, moment } from "./time.js";
import { languageNames } from "./words.js";

/**
 * @typedef {{
 *   now_ms: () => number,
 *   onShown: (offer: OfferView) => void,
 *   onAccept: (offer: OfferView) => void,
 *   onDecline: (offer: OfferView) => void,
 * }} RingParts `now_ms`: the server's clock
 */

export class Ring {
  /** @type {OfferView | null} */
  #offer = null;
  #timer = 0;

  /**
   * @param {Voice} voice
   * @param {Views} views
   * @param {RingParts} parts
   */
  constructor(voice, views, parts) {
    this.voice = voice;
    this.parts = parts;
    voice.tones.ringing = ringing;
    this.bar = find("#ring-bar", HTMLProgressElement);
    const decline = () => this.#offer && parts.onDecline(this.#offer);
    const root = find("#ring", HTMLDialogElement);
    this.dialog = new RingDialog(root, voice.announcer, views, decline);
    press(button("#accept"), views, () => this.#accept());
    button("#decline").addEventListener("click", decline);
  }

  /** @param {OfferView | null} offer what rings now, if anything */
  show(offer) {
    const fresh = offer !== null && offer.id !== this.#offer?.id;
    const timed = offer?.deadline_ms !== this.#offer?.deadline_ms;
    this.#offer = offer;
    if (!offer) return this.#close();
    if (timed) this.bar.max = Math.max(1, offer.deadline_ms - this.parts.now_ms());
    this.#tick();
    if (fresh) this.#open(offer);
  }

  /** The person has decided; the house has not answered yet. */
  #accept() {
    this.voice.tones.unlock();
    this.voice.tones.stopRinging();
    if (this.#offer) this.parts.onAccept(this.#offer);
  }

  /** @param {OfferView} offer */
  #open(offer) {
    const { words, language } = this.voice;
    const named = languageNames(offer.languages, language);
    write(element("#ring-languages"), words("ring.languages", { languages: named }));
    // Most of the time since they asked, they were helped: that was no wait.
    this.#line("#ring-since", offer.handed ? words("ring.handed") : this.#since(offer));
    this.#line("#ring-name", offer.name && words("ring.named", { name: offer.name }));
    this.#line("#ring-braille", offer.braille && words("braille"));
    this.#line("#ring-topic", offer.topic && words("ring.topic", { topic: words(`topic.${offer.topic}`) }));
    this.#line("#ring-practice", offer.practice && words("practice.ring"));
    this.#line("#ring-again", offer.again && words("ring.again"));
    this.#line("#ring-call-back", offer.call_back && words("ring.call_back"));
    this.#line("#ring-question", offer.question && words("ring.question", { text: offer.question }));
    this.dialog.open();
    this.voice.tones.startRinging();
    clearInterval(this.#timer);
    this.#timer = window.setInterval(() => this.#tick(), 250);
    // Not before it is painted: from then on the person's time counts.
    requestAnimationFrame(() => this.#offer?.id === offer.id && this.parts.onShown(offer));
  }

  /** @param {OfferView} offer */
  #since({ call_back, since_ms }) {
    const { words, language } = this.voice;
    const waited_ms = this.parts.now_ms() - since_ms;
    if (!call_back) return words("ring.since", { time: minutes(waited_ms) });
    return words("ring.asked", { time: moment(Date.now() - waited_ms, language) });
  }

  /**
   * @param {string} selector
   * @param {string | false | null} text
   */
  #line(selector, text) {
    const line = element(selector);
    write(line, text || "");
    line.hidden = !text;
  }

  #tick() {
    if (!this.#offer) return;
    const left_ms = Math.max(0, this.#offer.deadline_ms - this.parts.now_ms());
    const seconds = Math.ceil(left_ms / 1000);
    write(element("#ring-left"), this.voice.words("seconds", { n: seconds }));
    this.bar.value = left_ms;
  }

  #close() {
    clearInterval(this.#timer);
    this.voice.tones.stopRinging();
    this.dialog.close();
  }
}
