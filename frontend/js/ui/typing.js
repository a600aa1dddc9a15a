/** How are typed words sent? A text box "Message" and a button; Enter sends too. */

/**
 * @import { Typed } from "../call/words_between.js"
 * @import { Voice } from "./voice.js"
 */

import { OwnLine } from "../call/typed_line.js";
import { MOST_TEXT, tidy } from "../call/words_between.js";
import { typesLive } from "../state/mine.js";
import { element, find, write } from "./dom.js";

/**
 * What could not be sent stays in the box. If the person wants it so, the other one sees each
 * letter as it is typed.
 * @param {Voice} voice
 * @param {(message: Typed) => boolean} say
 */
export function createTyping(voice, say) {
  const { mine } = voice;
  const form = find("[data-typing]", HTMLFormElement);
  const box = find("[name=message]", HTMLInputElement, form);
  const live = find("[name=live]", HTMLInputElement, form);
  const line = new OwnLine({ say });

  function show() {
    live.checked = typesLive(mine.get());
    write(element("#message-hint"), voice.words(live.checked ? "typing.live" : "typing.line"));
  }

  live.addEventListener("change", () => {
    mine.change({ typing: live.checked ? "live" : "line" });
    line.is(live.checked ? tidy(box.value) : "");
  });
  box.addEventListener("input", () => {
    if (live.checked) line.is(tidy(box.value));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = tidy(box.value).slice(0, MOST_TEXT);
    box.focus();
    if (!text) return;
    if (!say({ t: "text", text })) return voice.tell({ key: "typed.unsent", assertive: true });
    line.ended();
    voice.typed(text, "mine", "");
    box.value = "";
  });
  mine.watch(show);
  show();
  return { reopened: () => line.reopened(), clear: () => line.ended() };
}
