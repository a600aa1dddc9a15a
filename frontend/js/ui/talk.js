/** How do typed words go both ways? Letters are only shown; a line is read out, once. */

/**
 * @import { Reply, Typed } from "../call/words_between.js"
 * @import { Voice } from "./voice.js"
 */

import { TheirLine } from "../call/typed_line.js";
import { element, write } from "./dom.js";
import { createTyping } from "./typing.js";

/**
 * @param {Voice} voice
 * @param {(message: Typed) => boolean} say
 * @param {() => string} name of the other person
 */
export function createTalk(voice, say, name) {
  const place = element("[data-their-line]");
  const own = createTyping(voice, say);
  const theirs = new TheirLine({
    show: (text) => write(place, text && voice.words("typing.theirs", { name: name(), text })),
    hear: (text) => voice.hear(text, name()),
  });

  /** @param {Typed} message */
  function heard(message) {
    if (message.t === "typing") return theirs.is(message.text);
    const text = message.t === "text" ? message.text : quickWords(voice, message.reply);
    voice.typed(text, "theirs", name(), theirs.ended(text));
  }

  /** The call is over, and with it what was half typed. */
  function clear() {
    own.clear();
    theirs.clear();
  }

  createQuickReplies(voice, say);
  return { onTyped: heard, onOpened: own.reopened, onParted: clear };
}

/**
 * Replies of one press, for whoever types slowly or has one hand. Only the Requester's page has them.
 * @param {Voice} voice
 * @param {(message: Typed) => boolean} say
 */
function createQuickReplies(voice, say) {
  for (const each of document.querySelectorAll("[data-reply]")) {
    const reply = /** @type {Reply} */ (each.getAttribute("data-reply"));
    each.addEventListener("click", () => {
      if (!say({ t: "quick", reply })) return voice.tell({ key: "typed.unsent", assertive: true });
      voice.typed(quickWords(voice, reply), "mine", "");
    });
  }
}

/**
 * @param {Voice} voice
 * @param {Reply} reply
 */
function quickWords({ words }, reply) {
  const keys = { yes: "quick.yes", no: "quick.no", again: "quick.again", slower: "quick.slower" };
  return words(keys[reply]);
}
