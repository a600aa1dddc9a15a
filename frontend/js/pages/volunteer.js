/** The Volunteer's page: who hears what, and nothing else. */

import { Answering } from "../call/answering.js";
import { Sound } from "../call/sound.js";
import { VolunteerSide } from "../call/volunteer_side.js";
import { createWakeLock } from "../call/wake.js";
import { createHolder, createMark } from "../net/holder.js";
import { fetched } from "../net/later.js";
import { createLink } from "../net/link.js";
import { onTap } from "../push/subscribe.js";
import { createStore } from "../state/store.js";
import { NOTHING, reduce } from "../state/volunteer.js";
import { says } from "../state/volunteer_says.js";
import { createAfter } from "../ui/after.js";
import { embedded, find } from "../ui/dom.js";
import { createPracticeDoor } from "../ui/practice_door.js";
import { renderProgress } from "../ui/photo_progress.js";
import { Picture } from "../ui/picture.js";
import { Ring } from "../ui/ring.js";
import { createThanks } from "../ui/thanks.js";
import { createTalk } from "../ui/talk.js";
import { Views } from "../ui/views.js";
import { createVoice } from "../ui/voice.js";
import { createVolunteerButtons } from "../ui/volunteer_buttons.js";
import { createVolunteerView, rests } from "../ui/volunteer_view.js";

/** @import { Local, VolunteerState } from "../state/volunteer.js" */
/** @import { News } from "../net/link.js" */
/** @import { Client, Server } from "../protocol.js" */

const voice = createVoice();
const views = new Views();
/** @type {ReturnType<typeof createStore<VolunteerState, Server | Local>>} */
const store = createStore((state, message) => reduce(state, message), NOTHING);
const page = createVolunteerView(voice, views);
const picture = new Picture(voice, (times) => side.zoom(times));
const sound = new Sound(find("#theirs", HTMLAudioElement), voice);
const wake = createWakeLock();
const send = (/** @type {Client} */ message) => link.send(message);
const side = new VolunteerSide({
  send,
  onTrack: (track) => (track.kind === "audio" ? sound.set(track) : picture.set(track)),
  onTheirs: (theirs, mine) => (page.renderTheirs(theirs, mine), picture.render(theirs, mine)),
  onPhoto: (photo) => picture.sharp.show(photo),
  onProgress: renderProgress, onNote: page.renderNote,
  ...createTalk(voice, (typed) => side.meeting.say(typed), page.name),
  tell: voice.tell,
});
const { take: hold } = createHolder("volunteer", store.dispatch);
const answering = new Answering({
  store, side, send, tell: voice.tell, mark: createMark(), hold, rests: rests(),
  promise: () => location.assign("/volunteer/"),
});
const ring = new Ring(voice, views, {
  now_ms: () => Date.now() + store.get().skew_ms,
  onShown: (offer) => answering.shown(offer),
  onAccept: (offer) => answering.accept(offer),
  onDecline: (offer) => answering.decline(offer),
});
const after = createAfter(voice, () => (views.expect(), voice.log.clear(), answering.done()));

side.meeting.leg.onGap = (gap) => store.dispatch({ type: "local.gap", gap });
store.watch((before, now) => {
  for (const saying of says(before, now)) voice.tell(saying);
  ring.show(now.elsewhere || answering.took(now.offer) ? null : now.offer);
  if (now.ended) after.begin(now.ended.call, now.ended.practice);
  page.render(now);
  wake.want(now.taking || now.call !== null);
  if (before.call && !now.call) picture.clear();
  if (!now.call && !now.offer) sound.stop();
  sound.mind(now.taking);
  answering.follow(before, now);
});

createVolunteerButtons(voice, views, answering, side);
createPracticeDoor({ store, voice, views, side, played: embedded("boot").practice, load: fetched });
const thanks = createThanks(voice, store);
const heard = (/** @type {Server | News} */ message) => (answering.heard(message), thanks.heard(message));
const link = createLink("/ws/volunteer/", store, heard, voice.tell);
onTap((tap) => answering.tapped(tap));
