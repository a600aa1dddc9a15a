/** What keeps somebody company who waits? How long it has been, who is asked, what else there is. */

/**
 * @import { Client, HelpView } from "../protocol.js"
 * @import { RequesterState } from "../state/requester.js"
 * @import { Voice } from "./voice.js"
 */

import { mayChoose, view } from "../state/requester.js";
import { createChoices } from "./choices.js";
import { element, write } from "./dom.js";
import { choice, milestone, minutes } from "./time.js";

const WAITING_TONE_S = 6;

/**
 * @typedef {{
 *   get: () => RequesterState, send: (message: Client) => boolean, park: (question: string) => void,
 * }} WaitingParts `park`: the person wants to be called back
 */

/**
 * @param {Voice} voice
 * @param {WaitingParts} parts
 */
export function createWaiting(voice, { get, send, park }) {
  const { words, tell, tones } = voice;
  const choices = createChoices(element("#choices"), {
    onWait: () => tell({ key: "keep_waiting" }),
    onPark: park,
    onWiden(language) {
      const { help } = get();
      const heard = help && send({ type: "help.widen", help_request: help.id, language });
      if (!heard) tell({ key: "link.none", assertive: true, topic: "link" });
    },
  });

  let [said, offered, alone] = [0, 0, false];
  setInterval(() => {
    const { help, skew_ms } = get();
    const now_ms = Date.now() + skew_ms;
    const since_ms = help?.handed?.at_ms ?? help?.since_ms ?? now_ms;
    if (help && view(get()) === "waiting") waited(help, now_ms - since_ms, now_ms);
    else [said, offered, alone] = [0, 0, false];
  }, 1_000);

  /**
   * Silence while waiting makes people doubt: a soft tone says that it goes on, words say how long.
   * @param {HelpView} help
   * @param {number} ms so long so far
   * @param {number} now_ms
   */
  function waited(help, ms, now_ms) {
    write(element("#waited"), minutes(ms));
    if (Math.floor(ms / 1_000) % WAITING_TONE_S === 0) tones.play("waiting");
    moment(help, now_ms);
    const now = milestone(ms);
    if (now > said) tell({ key: now < 1 ? "waited.half" : "waited", params: { n: now }, topic: "asked", more: true });
    said = Math.max(said, now);
    offer(help, ms);
  }

  /**
   * Whom the person would like again has had their time. If they could not come, the state says so.
   * @param {HelpView} help
   * @param {number} now_ms
   */
  function moment({ first_until_ms }, now_ms) {
    const was = alone;
    alone = first_until_ms > now_ms;
    if (was && !alone && first_until_ms) tell({ key: "again.over", params: { name: get().met?.peer ?? "" }, topic: "asked" });
  }

  /**
   * @param {HelpView} help
   * @param {number} ms
   */
  function offer(help, ms) {
    const now = choice(ms, help.reachable === 0);
    // What was offered once stays: nothing vanishes under a finger.
    if (mayChoose(help, ms)) choices.show(true);
    write(element("#asked"), askedText(help));
    if (now <= offered) return;
    tell({ key: help.asked ? "may_choose" : "may_choose.none", params: { n: help.asked }, topic: "choices", more: true });
    send({ type: "others.get", help_request: help.id }); // the state learns the answer
    offered = now;
  }

  /** @param {HelpView} help */
  const askedText = ({ asked: n }) => words(n ? "asked_so_far" : "asked_so_far.none", { n });

  /** @param {RequesterState} state */
  function render({ help, others: [language] }) {
    if (!help) choices.show(false);
    choices.offer(language ?? "", language ? words("also_in", { language: voice.named(language) }) : "");
  }

  return { render, askedText, clear: choices.clear };
}
