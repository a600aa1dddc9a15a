/** How did it go? Choosing never submits; leaving sends what was chosen, once. */

import { find } from "./dom.js";

export class Questions {
  #sent = "";
  /** That they would like to meet again was sent: the house must hear when the tick is taken back. */
  #again = false;
  #kept = true;

  /** @param {HTMLFormElement} form posts to /rating/, with the page's CSRF token inside */
  constructor(form) {
    this.form = form;
    this.call = find("[name=call]", HTMLInputElement, form);
    addEventListener("pagehide", () => this.leave());
    // A phone ends a page that lies in the background without another word to it.
    document.addEventListener("visibilitychange", () => void (document.visibilityState === "hidden" && this.leave()));
  }

  /**
   * @param {string} call
   * @param {boolean} kept without that nothing is sent
   */
  begin(call, kept = true) {
    this.#kept = kept;
    if (this.call.value === call) return;
    this.form.reset();
    this.call.value = call;
    this.#sent = "";
    this.#again = false;
  }

  /** @returns {boolean} whether anything was chosen */
  get chosen() {
    const data = new FormData(this.form);
    return data.has("solved") || data.has("feeling") || data.has("again");
  }

  /** Survives the page that sends it. */
  leave() {
    const answers = this.#unsent();
    if (answers && navigator.sendBeacon(this.form.action, answers)) this.#mark(answers);
  }

  /** @returns {Promise<boolean>} false when the house could not be told */
  async send() {
    const answers = this.#unsent();
    if (!answers) return true;
    const told = await post(this.form.action, answers);
    if (told) this.#mark(answers);
    return told;
  }

  #unsent() {
    const answers = new FormData(this.form);
    if (!this.#kept || !this.call.value || !(this.chosen || this.#again)) return null;
    if (this.#again && !answers.has("again")) answers.set("again", "no");
    return key(answers) === this.#sent ? null : answers;
  }

  /** @param {FormData} answers */
  #mark(answers) {
    this.#sent = key(answers);
    this.#again ||= answers.has("again");
  }
}

/** @param {FormData} data */
const key = (data) => JSON.stringify([...data.entries()].filter(([name]) => !name.startsWith("csrf")));

/**
 * @param {string} url
 * @param {FormData} body
 */
export async function post(url, body) {
  const answer = await fetch(url, { method: "POST", body, credentials: "same-origin" }).catch(() => null);
  return answer?.ok ?? false;
}
