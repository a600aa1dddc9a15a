/** A Requester's own settings: each change counts at once, and one quiet word says so. */

import { createMine, typesLive } from "../state/mine.js";
import { Announcer } from "../ui/announce.js";
import { element, find, write } from "../ui/dom.js";
import { createDownload } from "../ui/everything.js";
import { createHear } from "../ui/hear.js";
import { createKept } from "../ui/kept.js";
import { fill, makePlaces, readForm } from "../ui/mine_form.js";

const announcer = new Announcer(element("#announcer"));
const form = find("#mine", HTMLFormElement);
const typing = find("[name=typing]", HTMLInputElement, form);
const saved = element("#saved");
const mine = createMine();
const kept = createKept(mine);

/** @returns {boolean} whether the browser keeps it */
function take() {
  const stays = mine.change(readForm(new FormData(form), mine.get()));
  dispatchEvent(new CustomEvent("assist.mine", { detail: mine.get() }));
  // It may go with what was chosen: who reads braille shows each letter, unless they said otherwise.
  typing.checked = typesLive(mine.get());
  makePlaces(form, mine.get().languages);
  return stays;
}

function tell() {
  say(take() ? saved.dataset.saved : saved.dataset.unsaved);
  void kept.save();
}

function say(text = "") {
  write(saved, text);
  announcer.say(text, { topic: "saved" });
}

/** Another device of this account may know better. */
async function look() {
  if (!(await kept.look())) return;
  fill(form, mine.get());
  dispatchEvent(new CustomEvent("assist.mine", { detail: mine.get() }));
  say(saved.dataset.fresh);
}

createHear(form, mine.get);
createDownload(find("#everything", HTMLAnchorElement), mine.get);
fill(form, mine.get());
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", take); // who leaves in the middle of a name has written so much
form.addEventListener("change", tell);
addEventListener("storage", () => fill(form, mine.get())); // chosen on another page of ours
void look();
