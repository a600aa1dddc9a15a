/** How does the Requester's page look in each state? */

/**
 * @import { HelpView } from "../protocol.js"
 * @import { RequesterState } from "../state/requester.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { view } from "../state/requester.js";
import { createClosedPage } from "./closed_page.js";
import { createChoices } from "./choices.js";
import { createConsent } from "./consent.js";
import { element, write } from "./dom.js";
import { createLookout } from "./lookout.js";
import { createMissed } from "./missed.js";
import { createPhone } from "./phone.js";
import { renderProgress } from "./photo_progress.js";
import { moment } from "./time.js";
import { createWaiting } from "./waiting.js";

/** @import { Later } from "./lookout.js" */
/** @import { WaitingParts } from "./waiting.js" */

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {WaitingParts & {later: Later}} parts
 */
export function createRequesterView(voice, views, parts) {
  const { words } = voice;
  const { get, park } = parts;
  const trouble = element("#trouble");
  const start = document.title;
  const missed = createMissed(voice);

  const waiting = createWaiting(voice, parts);
  const closed = createChoices(element("#closed"), { onPark: park });

  /** @param {RequesterState} state */
  function render(state) {
    missed.show(state.missing.theirs);
    const peer = state.help?.call?.peer ?? state.ended?.peer ?? "";
    write(element("#with"), words(peer ? "with.named" : "with", { name: peer }));
    const text = troubleText(state);
    write(trouble, text);
    trouble.hidden = text === "";
    element("#invite").hidden = state.trouble !== "circle_empty";
    element("#closed").hidden = state.closed === "";
    write(element("#closed-until"), state.closed);
    const { help } = state;
    waiting.render(state);
    if (help?.state === "parked") renderParked(help, state.skew_ms);
    const shown = view(state);
    document.title = shown === "start" ? start : words(title(state), { name: peer });
    views.show(shown);
    lookout.follow();
  }

  /**
   * @param {HelpView} help
   * @param {number} skew_ms
   */
  function renderParked(help, skew_ms) {
    const time = moment(help.since_ms - skew_ms, voice.language);
    write(element("#parked-since"), words("parked.since", { time }));
    write(element("#parked-asked"), waiting.askedText(help));
    waiting.clear();
    closed.clear();
    write(element("#parked-title"), words(help.question ? "title.question" : "title.parked"));
  }

  /** @param {RequesterState} state */
  function troubleText({ trouble: code, ended }) {
    if (code === "closed") return "";
    if (code) return words(`trouble.${code}`);
    if (!ended || ended.call || ended.reason === "cancelled") return "";
    return words(`ended.requester.${ended.reason}`);
  }

  /** @param {boolean} push this device rings also while the page is closed */
  function renderPush(push) {
    for (const each of document.querySelectorAll("[data-call-back]")) {
      write(each, words(push ? "call_back.push" : "call_back.page"));
    }
  }

  const peer = () => get().help?.call?.peer ?? "";
  const name = () => peer() || words("a_volunteer");
  renderPush(false);
  createClosedPage(voice, "requester", renderPush);
  const lookout = createLookout(voice, () => view(get()), parts.later);
  const phone = createPhone(voice);
  /** @type {typeof phone} */
  const onPhone = (is, camera) => (phone(is, camera), lookout.see(camera));
  const consent = createConsent(voice, views, peer);
  return { render, name, hear: lookout.hear, shows: { onPhone, onPhoto: renderProgress, ...consent } };
}

/**
 * @param {Voice} voice
 * @param {{opens_at: string}} boot
 */
export const closedUntil = ({ words }, { opens_at }) => words("closed.until", { when: opens_at });

/** @param {RequesterState} state */
function title(state) {
  if (state.help?.state === "confirming") return "title.ready";
  return state.help?.question && view(state) === "parked" ? "title.question" : `title.${view(state)}`;
}
