/** How does the Volunteer's page look in each state? */

/**
 * @import { VolunteerState } from "../state/volunteer.js"
 * @import { Mine } from "../call/volunteer_side.js"
 * @import { Theirs } from "../call/words_between.js"
 * @import { Voice } from "./voice.js"
 * @import { Views } from "./views.js"
 */

import { view } from "../state/volunteer.js";
import { createAllowed } from "./allowed.js";
import { createDescribing } from "./describing.js";
import { button, element, embedded, toggle, write } from "./dom.js";
import { createNote } from "./handing.js";
import { createMissed } from "./missed.js";
import { createReached } from "./reached.js";
import { createSigns } from "./signs.js";
import { createStanding, isIdle } from "./standing.js";

const ANSWERS_S = 30;

/**
 * @param {Voice} voice
 * @param {Views} views
 */
export function createVolunteerView(voice, views) {
  const { words } = voice;
  let peer = "";
  let met = "";
  const presence = button("#presence");
  const trouble = element("#trouble");
  const missed = createMissed(voice);
  const allowed = createAllowed(voice);
  const stands = createStanding(voice, views);
  const reached = createReached(voice, stands.found);
  const signs = createSigns(voice);
  const describing = createDescribing(voice);

  /** @param {VolunteerState} state */
  function render(state) {
    missed.show(state.missing.theirs);
    signs.missing(state.missing);
    toggle(presence, state.taking, words("start_taking"), words("stop_taking"));
    presence.disabled = state.seq < 0;
    presence.setAttribute("aria-disabled", String(state.testing));
    element("#testing").hidden = !state.testing;
    presence.hidden = state.farewell !== null;
    const text = troubleText(state);
    write(trouble, text);
    trouble.hidden = text === "";
    const shown = view(state);
    document.title = words(state.offer ? "title.ring" : title(state, shown));
    views.show(shown);
    stands.render(state);
    if (isIdle(state)) reached.begin();
    renderPeer(state);
  }

  /** @param {VolunteerState} state a Requester may have a name, and may read what is typed */
  function renderPeer({ call }) {
    if (!call) return;
    peer = call.peer ?? "";
    write(element("#with"), words(peer ? "with.named" : "with", { name: peer }));
    element("#braille").hidden = !call.braille;
    if (call.id !== met) describing.begin();
    met = call.id;
  }

  /** @param {VolunteerState} state */
  function troubleText({ farewell, trouble: code }) {
    if (farewell) return words(`goodbye.${farewell}`);
    return code ? words(`trouble.${code}`) : "";
  }

  /**
   * @param {Theirs} theirs
   * @param {Mine} mine
   */
  function renderTheirs(theirs, { muted, waiting, strain }) {
    toggle(button("#mute"), muted, words("mute"), words("unmute"));
    allowed.render(theirs, waiting);
    signs.theirs(theirs.paused === true, strain);
  }

  return { render, renderTheirs, renderNote: createNote(voice), name: () => peer || words("the_person") };
}

/** Is the pause that this person wishes longer than the one for the questions alone? */
export const rests = () => embedded("boot").wrap_up_seconds > ANSWERS_S;

/**
 * @param {VolunteerState} state
 * @param {string} shown
 */
function title(state, shown) {
  if (shown !== "idle") return `title.volunteer.${shown}`;
  return state.taking ? "title.volunteer.taking" : "title.volunteer.away";
}
