/** How is a thing told to the person: said, shown, written into the log, with its tone? */

/** @import { Saying } from "../state/says.js" */

import { createMine } from "../state/mine.js";
import { Announcer } from "./announce.js";
import { element, embedded, write } from "./dom.js";
import { createLog } from "./log.js";
import { Tones } from "./tones.js";
import { createWords, languageNames } from "./words.js";

/** The page's one voice; its elements stand in `base.html` and in each page's template. */
export function createVoice() {
  const language = document.documentElement.lang || "en";
  const words = createWords(embedded("words"), language);
  const announcer = new Announcer(element("#announcer"));
  const mine = createMine();
  const log = createLog(element("#log"), element("#log ol"), () => mine.get().braille);
  const status = [...document.querySelectorAll("[data-status]")];
  const tones = new Tones(mine.get);

  /** @param {string} text */
  function show(text) {
    for (const each of status) write(each, text);
  }

  /**
   * To be read, and not read out.
   * @param {string} text
   */
  function note(text) {
    show(text);
    log.add(text);
  }

  /**
   * Said and shown, and true only until the next of it: it is not among what happened.
   * @param {string} text
   * @param {string} topic
   */
  function glimpse(text, topic) {
    show(text);
    announcer.say(text, { topic });
  }

  /** @param {Saying} saying whoever wants to hear less finds the rest of it in the log */
  function tell({ key, params = {}, assertive = false, tone, topic, more = false, kept = false }) {
    const text = words(key, spelled(params));
    note(text);
    const wanted = !more || mine.get().announcements === "more";
    if (wanted) announcer.say(text, { assertive, kept, ...(topic ? { topic } : {}) });
    if (tone) tones.play(tone);
  }

  /** @param {string} tag a language, as people who read this page call it */
  const named = (tag) => languageNames([tag], language);

  /** @param {import("./words.js").Params} params a language by its tag, a topic by its key */
  const spelled = ({ language: tag, topic, ...params }) => ({
    ...params,
    ...(tag ? { language: named(String(tag)) } : {}),
    ...(topic ? { topic: words(`topic.${topic}`) } : {}),
  });

  /**
   * Somebody's typed words: read out with who wrote them.
   * @param {string} text
   * @param {"mine" | "theirs"} kind
   * @param {string} name
   * @param {string} unheard what of it was not read out while it was being typed
   */
  function typed(text, kind, name, unheard = text) {
    const line = words(`typed.${kind}`, { name, text });
    log.add(line, kind);
    show(line);
    if (kind === "theirs" && unheard) hear(unheard, name);
  }

  /**
   * @param {string} text of theirs
   * @param {string} name
   */
  function hear(text, name) {
    tones.play("message");
    announcer.say(words("typed.theirs", { name, text }), { kept: true });
  }

  return { words, named, spelled, language, announcer, log, tones, mine, tell, note, glimpse, typed, hear, show };
}

/** @typedef {ReturnType<typeof createVoice>} Voice */
