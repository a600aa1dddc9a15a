/** The Requester's page: who hears what, and nothing else. */

import { Asking } from "../call/asking.js";
import { RequesterSide } from "../call/requester_side.js";
import { Sound } from "../call/sound.js";
import { createWakeLock } from "../call/wake.js";
import { createHolder, createMark } from "../net/holder.js";
import { createHours } from "../net/hours.js";
import { later } from "../net/later.js";
import { createLink } from "../net/link.js";
import { createReceipts } from "../net/receipt.js";
import { isCircleEmpty } from "../net/trusted.js";
import { createWhose } from "../net/whose.js";
import { NOTHING, needsScreen, reduce, toPassOn, view } from "../state/requester.js";
import { says } from "../state/requester_says.js";
import { createStore } from "../state/store.js";
import { createAfter } from "../ui/after.js";
import { createAgain } from "../ui/again.js";
import { embedded, find } from "../ui/dom.js";
import { createHomeScreen } from "../ui/home_screen.js";
import { createReady } from "../ui/ready.js";
import { createRequesterButtons } from "../ui/requester_buttons.js";
import { closedUntil, createRequesterView } from "../ui/requester_view.js";
import { createTalk } from "../ui/talk.js";
import { createVoice } from "../ui/voice.js";
import { Views } from "../ui/views.js";
import { createWishes } from "../ui/wishes.js";

/** @import { Local, RequesterState } from "../state/requester.js" */
/** @import { Client, Server } from "../protocol.js" */

const [boot, voice, views] = [embedded("boot"), createVoice(), new Views()];
/** @type {ReturnType<typeof createStore<RequesterState, Server | Local>>} */
const store = createStore((state, message) => reduce(state, message), NOTHING);
const send = (/** @type {Client} */ message) => link.send(message);
const page = createRequesterView(voice, views, {
  get: store.get, send, later,
  park: (question) => (views.expect(), voice.tones.unlock(), void asking.park(question)),
});
const [sound, wake] = [new Sound(find("#theirs", HTMLAudioElement), voice), createWakeLock()];
const wishes = createWishes(voice.mine, { tag: boot.languages[0] ?? "en", chosen: boot.chose_language });
const again = createAgain(voice, views, store, () => (after.leave(), asking.begin()));
const side = new RequesterSide({
  still: async (camera) => (await later()).late.takeStill(camera), mine: voice.mine,
  send, tell: voice.tell, ...page.shows, ...createTalk(voice, (typed) => side.meeting.say(typed), page.name),
  onTrack: (track) => track.kind === "audio" && (sound.set(track), page.hear(track)),
  onHand: (hand) => void later().then(({ late }) => late.hand(hand, side, voice, store), () => undefined), note: () => toPassOn(store.get()),
});
const asking = new Asking({
  store, side, send, tell: voice.tell, hold: createHolder("requester", store.dispatch).take,
  receipts: createReceipts(), mark: createMark(),
  get languages() { return wishes.languages(); }, wishes: () => again.with(wishes.read()), me: wishes.me,
  closed: createHours(boot.has_hours), isCircleEmpty,
});
const ready = createReady(voice, views, {
  now_ms: () => Date.now() + store.get().skew_ms, onStart: () => void asking.start(), onCancel: () => asking.cancel(),
});
const after = createAfter(voice, () => (views.expect(), store.dispatch({ type: "local.back" })));

createWhose(boot, store, (now) => view(now) !== "start");

side.meeting.leg.onGap = (gap) => store.dispatch({ type: "local.gap", gap });
store.watch((before, now) => {
  asking.meet(now);
  for (const saying of says(before, now)) voice.tell(saying);
  if (now.ended?.call) void (after.begin(now.ended.call), later().then(({ late }) => late.after(voice, now), () => undefined));
  if (now.help?.state === "in_call" && before.help?.state !== "in_call") side.began();
  ready.show(now.elsewhere ? null : now.help);
  page.render(now);
  wake.want(needsScreen(now));
  void (now.help ? later().catch(() => undefined) : sound.stop());
  asking.follow(now);
});

createRequesterButtons(voice, views, asking, side);
const link = createLink("/ws/requester/", store, (message) => asking.heard(message), voice.tell);
createHomeScreen({ voice, views, store, sound, asking, call_now: boot.call_now });
asking.recall();
if (boot.open === false) store.dispatch({ type: "local.closed", text: closedUntil(voice, boot) });
page.render(store.get());
