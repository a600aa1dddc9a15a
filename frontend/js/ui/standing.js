/** What does the Volunteer read of being rung, or not, and what is one press away? */

/**
 * @import { House, Microphone, Device } from "../state/standing.js"
 * @import { VolunteerState } from "../state/volunteer.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { standingOf } from "../state/standing.js";
import { element, find, write } from "./dom.js";
import { post } from "./questions.js";
import { minutes } from "./time.js";

const LOOK_EACH_MS = 120_000;
const TICK_MS = 500;
// One change often brings another: their first word and the last are asked for together.
const SETTLE_MS = 150;
// A thousand pages come back at once after a restart: their sockets first, and then this.
const SPREAD_MS = 1_500;

/**
 * @param {Voice} voice
 * @param {Views} views
 */
export function createStanding(voice, views) {
  const line = element("#standing");
  const form = find("#snooze", HTMLFormElement);
  const zone = find("[name=time_zone]", HTMLInputElement, form);
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  /** @type {House | null} */
  let house = null;
  /** @type {Device | null} */
  let device = null;
  /** @type {Microphone} */
  let microphone = "granted";
  /** @type {VolunteerState | null} */
  let state = null;
  let known = "";
  let linked = false;
  let timer = 0;

  /** What the house says is asked for whenever something of ours has moved, and now and then. */
  async function look() {
    if (!state?.linked || state.farewell || !isIdle(state)) return;
    const answer = await fetch(form.action, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok) learn(await answer.json());
  }

  /** @param {House} now */
  function learn(now) {
    house = now;
    show();
  }

  function show() {
    if (!state) return;
    const now = standingOf(state, house, device, microphone);
    write(line, now ? voice.words(now.key, now.params) : "");
    const act = now?.act ?? "";
    for (const each of document.querySelectorAll("[data-act]")) {
      if (each instanceof HTMLElement) offer(each, each.dataset.act === act);
    }
    offer(form, state.taking && act !== "wake" && !state.farewell);
    tick();
  }

  /**
   * @param {HTMLElement} target
   * @param {boolean} wanted
   */
  function offer(target, wanted) {
    const had = !target.hidden && target.contains(document.activeElement);
    target.hidden = !wanted;
    if (had && !wanted) views.focusHeading(document.body.dataset.showing ?? "");
  }

  function tick() {
    const left_ms = (house?.wraps_until_ms ?? 0) - Date.now() - (state?.skew_ms ?? 0);
    for (const each of document.querySelectorAll("[data-pause-left]")) {
      write(each, left_ms > 0 ? minutes(left_ms + 999) : "");
    }
  }

  /** @param {VolunteerState} now */
  function render(now) {
    state = now;
    const moved = [now.linked, now.taking, now.why, now.reach, now.state, isIdle(now)].join();
    if (moved !== known) {
      clearTimeout(timer);
      const spread = linked === now.linked ? 0 : Math.random() * SPREAD_MS;
      timer = window.setTimeout(() => void look(), SETTLE_MS + spread);
    }
    [known, linked] = [moved, now.linked];
    show();
  }

  /** @param {SubmitEvent} event */
  async function rest(event) {
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    const told = await post(form.action, fields);
    if (!told) return voice.tell({ key: "snooze.failed", assertive: true });
    await look();
    if (!house) return;
    const key = house.snoozed ? "snooze.set" : "snooze.over";
    voice.tell({ key, params: { until: house.snoozed }, topic: "presence" });
  }

  form.addEventListener("submit", (event) => void rest(event));
  const lookIfSeen = () => void (document.visibilityState === "visible" && look());
  window.setInterval(lookIfSeen, LOOK_EACH_MS);
  document.addEventListener("visibilitychange", lookIfSeen);
  window.setInterval(tick, TICK_MS);
  watchMicrophone((now) => ((microphone = now), show()));
  return {
    render,
    /** @param {Device} now */
    found: (now) => ((device = now), show()),
  };
}

/**
 * Is there a moment for what is not the person who waits? A page that a push has opened has none:
 * whatever it asks for then, they wait longer for their picture.
 * @param {VolunteerState} state
 */
export const isIdle = ({ seq, offer, call }) => seq >= 0 && !offer && !call;

/**
 * A ring is of no use where nobody would be heard. Nothing is opened to find out.
 * @param {(now: Microphone) => void} then
 */
function watchMicrophone(then) {
  async function look() {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => null)) ?? null;
    if (!devices) return then("none");
    if (!devices.some(({ kind }) => kind === "audioinput")) return then("none");
    const name = /** @type {PermissionName} */ ("microphone");
    const permission = await navigator.permissions?.query({ name }).catch(() => null);
    if (permission) permission.onchange = () => void look();
    then(permission?.state === "denied" ? "refused" : "granted");
  }
  navigator.mediaDevices?.addEventListener("devicechange", () => void look());
  void look();
}
