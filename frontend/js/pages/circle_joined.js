/** A newcomer waits to be confirmed: look by itself, and show what came of it. */

import { Announcer } from "../ui/announce.js";
import { element } from "../ui/dom.js";

const LOOK_MS = 3_000;
const HEARD_MS = 1_500;

const announcer = new Announcer(element("#announcer"));
const section = element("[data-state]");

async function look() {
  const answer = await fetch("/circle/joined/state/").catch(() => null);
  if (!answer?.ok) return;
  const { state } = await answer.json();
  if (state === section.dataset.state) return;
  clearInterval(looking);
  announcer.say(section.dataset.news ?? "");
  setTimeout(() => location.reload(), HEARD_MS);
}

const looking = setInterval(look, LOOK_MS);
