/** The Requester's page: who hears what, and nothing else. */

import { Asking } from "../call/asking.js";
import { RequesterSide } from "../call/requester_side.js";
import { Sound } from "../call/sound.js";
import { createWakeLock } from "../call/wake.js";
import { createHolder, createMark } from "../net/holder.js";
import { createLink } from "../net/link.js";
import { createReceipts } from "../net/receipt.js";
import { NOTHING, reduce, view } from "../state/requester.js";
import { says } from "../state/requester_says.js";
import { createStore } from "../state/store.js";
import { createAfter } from "../ui/after.js";
import { button, embedded, find, press } from "../ui/dom.js";
import { createRequesterView } from "../ui/requester_view.js";
import { createTyping } from "../ui/typing.js";
import { createVoice } from "../ui/voice.js";
import { Views } from "../ui/views.js";
import { primaryLanguages } from "../ui/words.js";

/** @import { Local, RequesterState } from "../state/requester.js" */
/** @import { Client, Server } from "../protocol.js" */

const voice = createVoice();
const views = new Views();
/** @type {ReturnType<typeof createStore<RequesterState, Server | Local>>} */
const store = createStore((state, message) => reduce(state, message), NOTHING);
const page = createRequesterView(voice, views, store.get);
const sound = new Sound(find("#theirs", HTMLAudioElement), voice);
const wake = createWakeLock();
const send = (/** @type {Client} */ message) => link.send(message);
const peerName = () => store.get().help?.call?.peer ?? voice.words("a_volunteer");
const side = new RequesterSide({
  send,
  onTrack: (track) => track.kind === "audio" && sound.set(track),
  onMine: page.renderMine,
  onText: (message) => voice.typed(message.text, "theirs", peerName()),
  tell: voice.tell,
});
const { take: hold } = createHolder("requester", store.dispatch);
const asking = new Asking({
  store, side, send, tell: voice.tell,
  receipts: createReceipts(), mark: createMark(), hold,
  languages: primaryLanguages(navigator.languages, embedded("boot").languages[0] ?? "en"),
});
const after = createAfter(voice, () => {
  views.expect();
  store.dispatch({ type: "local.back" });
});

store.watch((before, now) => {
  for (const saying of says(before, now)) voice.tell(saying);
  if (now.ended?.call) after.begin(now.ended.call);
  if (now.help?.state === "in_call" && before.help?.state !== "in_call") side.introduce();
  page.render(now);
  wake.want(view(now) === "waiting" || view(now) === "call");
  if (!now.help) sound.stop();
  asking.follow(now);
});

press(button("#ask"), views, () => {
  voice.tones.unlock();
  voice.log.clear();
  void asking.begin();
});
press(button("#cancel"), views, () => asking.cancel());
press(button("#end"), views, () => asking.end("call.end"));
press(button("#block"), views, () => asking.end("call.block"));
button("[data-take]").addEventListener("click", () => asking.take());
button("#mute").addEventListener("click", () => side.mute());
button("#pause").addEventListener("click", () => side.pause());
button("#light").addEventListener("click", () => void side.light());
button("#switch").addEventListener("click", () => void side.switchCamera());
createTyping(voice, (text) => side.meeting.say({ t: "text", text }));

const link = createLink("/ws/requester/", store, (message) => asking.heard(message), voice.tell);
asking.recall();
page.render(store.get());
