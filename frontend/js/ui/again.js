/** Would somebody like the same Volunteer again? For ten minutes there is a button for it. */

/**
 * @import { Met, RequesterState, Wishes } from "../state/requester.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { view } from "../state/requester.js";
import { button, element, press, write } from "./dom.js";

const KEY = "assist.met";

/**
 * @param {Voice} voice
 * @param {Views} views
 * @param {{get: () => RequesterState, dispatch: (message: {type: "local.met", met: Met}) => void,
 *   watch: (watch: (before: RequesterState, now: RequesterState) => void) => void}} store
 * @param {() => Promise<void>} begin asks for help
 * @param {Pick<Storage, "getItem" | "setItem">} memory of this visit: a page that is loaded again
 *   knows whom they met
 */
export function createAgain(voice, views, store, begin, memory = sessionStorage) {
  const places = [...document.querySelectorAll("[data-again]")].filter((each) => each instanceof HTMLElement);
  /** @type {string | null} */
  let wanted = null;
  let timer = 0;

  async function call() {
    voice.tones.unlock();
    voice.log.clear();
    wanted = store.get().met?.call ?? null;
    await begin();
    wanted = null;
  }

  for (const place of places) press(button("button", place), views, () => void call());

  /** @param {RequesterState} state */
  function render(state) {
    const left_ms = (state.met?.until_ms ?? 0) - Date.now();
    for (const place of places) show(place, left_ms > 0 ? (state.met?.peer ?? "") : "");
    clearTimeout(timer);
    if (left_ms > 0) timer = window.setTimeout(() => render(store.get()), left_ms + 100);
  }

  /**
   * @param {HTMLElement} place
   * @param {string} name of whom they met; none: not any more
   */
  function show(place, name) {
    const standsThere = !name && place.contains(document.activeElement);
    place.hidden = !name;
    if (standsThere) views.focusHeading(view(store.get()));
    if (!name) return;
    write(button("button", place), voice.words("again", { name }));
    write(element(".hint", place), voice.words("again.hint", { name }));
  }

  store.watch((before, now) => {
    if (now.met !== before.met) keep(memory, now.met);
    if (now.met !== before.met) render(now);
  });
  const met = recall(memory);
  if (met) store.dispatch({ type: "local.met", met });

  return {
    /**
     * @param {Wishes} wishes
     * @returns {Wishes}
     */
    with: (wishes) => ({ ...wishes, again: wanted }),
  };
}

/**
 * @param {Pick<Storage, "getItem">} memory
 * @returns {Met | null}
 */
export function recall(memory) {
  try {
    const { call, peer, until_ms } = JSON.parse(memory.getItem(KEY) ?? "{}");
    const makesSense = typeof call === "string" && typeof peer === "string" && until_ms > Date.now();
    return makesSense ? { call, peer, until_ms } : null;
  } catch {
    return null;
  }
}

/**
 * @param {Pick<Storage, "setItem">} memory
 * @param {Met | null} met
 */
function keep(memory, met) {
  try {
    memory.setItem(KEY, JSON.stringify(met));
  } catch {
    // Full or forbidden: it holds for as long as the page is open.
  }
}
