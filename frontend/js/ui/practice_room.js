/** What happens from "Ring me now" until somebody has practised? */

/** @import { DoorParts } from "./practice_door.js" */

import { PlayedCamera } from "../call/played_camera.js";
import { PlayedSide } from "../call/played_side.js";
import { PlayedVoice } from "../call/played_voice.js";
import { Practice } from "../call/practice.js";
import { button, press } from "./dom.js";
import { createPracticeChecks } from "./practice_checks.js";
import { createPracticeList } from "./practice_list.js";

const DAY_MS = 86_400_000;
const KEEPS_DAYS = 6;

/**
 * @param {DoorParts} parts
 * @param {() => void} onDone somebody has gone through all of it
 */
export function createPracticeRoom({ store, voice, views, side, played }, onDone) {
  const { words, tell, language } = voice;
  const list = createPracticeList(voice, played.says);
  createPracticeChecks(voice, side);
  const date = new Date(Date.now() + KEEPS_DAYS * DAY_MS).toLocaleDateString(language, { dateStyle: "long" });
  const carton = { milk: words("practice.milk"), date: words("practice.date", { date }) };
  const camera = new PlayedCamera(carton, () => practice.side.changed());
  const speaker = new PlayedVoice(played.voice);
  const practice = new Practice({
    camera, voice: speaker, language,
    side: (send) => new PlayedSide({
      send, camera, voice: speaker, reply: words("practice.reply"), onTried: list.happened,
    }),
    onRefused: (text) => (voice.note(text), voice.announcer.say(text, { assertive: true })),
    onOver: (met) => void (met || tell({ key: "practice.unanswered" })),
  });

  store.watch((before, now) => {
    list.show(now.call?.practice ?? false);
    if (!before.ended?.practice || now.ended) return;
    onDone();
    tell({ key: "practice.ready", assertive: true });
  });
  button("#ring-me").addEventListener("click", () => {
    if (practice.going) return;
    voice.tones.unlock();
    tell({ key: "practice.ringing", topic: "practice" });
    practice.begin();
  });
  press(button("#practice-leave"), views, () => {
    practice.leave();
    store.dispatch({ type: "local.practice", on: false });
  });
}
