/** How does the Requester's page look in each state? */

/**
 * @import { HelpView } from "../protocol.js"
 * @import { RequesterState } from "../state/requester.js"
 * @import { Mine } from "../call/requester_side.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { mayChoose, view } from "../state/requester.js";
import { createClosedPage } from "./closed_page.js";
import { createChoices } from "./choices.js";
import { createConsent } from "./consent.js";
import { button, element, find, toggle, write } from "./dom.js";
import { createMissed } from "./missed.js";
import { renderProgress } from "./photo_progress.js";
import { choice, milestone, minutes, moment } from "./time.js";

const WAITING_TONE_S = 6;

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {() => RequesterState} get
 * @param {(question: string) => void} park the person wants to be called back
 */
export function createRequesterView(voice, views, get, park) {
  const { words, tell, tones } = voice;
  const trouble = element("#trouble");
  const video = find("#mine", HTMLVideoElement);
  const start = document.title;
  const missed = createMissed(voice);

  const onWait = () => tell({ key: "keep_waiting" });
  const choices = createChoices(element("#choices"), { onWait, onPark: park });
  const closed = createChoices(element("#closed"), { onPark: park });

  let said = 0;
  let offered = 0;
  setInterval(() => {
    const { help, skew_ms } = get();
    const ms = help ? Date.now() + skew_ms - help.since_ms : 0;
    if (help && view(get()) === "waiting") waited(help, ms);
    else [said, offered] = [0, 0];
  }, 1_000);

  /**
   * Silence while waiting makes people doubt: a soft tone says that it goes on, words say how long.
   * @param {HelpView} help
   * @param {number} ms
   */
  function waited(help, ms) {
    write(element("#waited"), minutes(ms));
    if (Math.floor(ms / 1_000) % WAITING_TONE_S === 0) tones.play("waiting");
    const now = milestone(ms);
    if (now > said) tell({ key: now < 1 ? "waited.half" : "waited", params: { n: now }, topic: "asked" });
    said = Math.max(said, now);
    offer(help, ms);
  }

  /**
   * @param {HelpView} help
   * @param {number} ms
   */
  function offer(help, ms) {
    choices.show(mayChoose(help, ms));
    write(element("#asked"), askedText(help));
    const now = choice(ms, help.reachable === 0);
    if (now > offered) tell({ key: help.asked ? "may_choose" : "may_choose.none", params: { n: help.asked }, topic: "choices" });
    offered = Math.max(offered, now);
  }

  /** @param {HelpView} help */
  const askedText = ({ asked: n }) => words(n ? "asked_so_far" : "asked_so_far.none", { n });

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
    if (!help) choices.show(false);
    if (help?.state === "parked") renderParked(help, state.skew_ms);
    const shown = view(state);
    document.title = shown === "start" ? start : words(title(state), { name: peer });
    views.show(shown);
  }

  /**
   * @param {HelpView} help
   * @param {number} skew_ms
   */
  function renderParked(help, skew_ms) {
    const time = moment(help.since_ms - skew_ms, voice.language);
    write(element("#parked-since"), words("parked.since", { time }));
    write(element("#parked-asked"), askedText(help));
    choices.clear();
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

  /**
   * @param {Mine} mine
   * @param {MediaStreamTrack | null} camera
   */
  function renderMine(mine, camera) {
    toggle(button("#mute"), mine.muted, words("mute"), words("unmute"));
    toggle(button("#pause"), mine.paused, words("pause"), words("resume"));
    toggle(button("#light"), mine.light, words("light_on"), words("light_off"));
    button("#mute").hidden = !mine.microphone;
    button("#pause").hidden = !mine.camera;
    button("#light").hidden = !mine.able;
    button("#switch").hidden = !mine.camera || mine.cameras < 2;
    preview(video, camera);
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
  const consent = createConsent(voice, views, peer);
  return { render, name, shows: { onMine: renderMine, onPhoto: renderProgress, ...consent } };
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

/**
 * @param {HTMLVideoElement} video
 * @param {MediaStreamTrack | null} camera
 */
function preview(video, camera) {
  const stream = /** @type {MediaStream | null} */ (video.srcObject);
  if ((stream?.getTracks()[0] ?? null) === camera) return;
  video.srcObject = camera ? new MediaStream([camera]) : null;
  video.hidden = !camera;
  if (camera) void video.play().catch(() => undefined);
}
