/** The Coordinator's page: the queue as it is, and now and then a sentence about it. */

import { createLink } from "../net/link.js";
import { NOTHING, counts, news, reduce } from "../state/monitor.js";
import { createStore } from "../state/store.js";
import { element, write } from "../ui/dom.js";
import { createTables } from "../ui/tables.js";
import { createVoice } from "../ui/voice.js";

/** @import { MonitorState } from "../state/monitor.js" */
/** @import { Queue, Server } from "../protocol.js" */

// More often would be a machine that talks; the tables are always as they are now.
const SAY_EVERY_MS = 15_000;

const voice = createVoice();
/** @type {ReturnType<typeof createStore<MonitorState, Server | {type: "local.link", up: boolean}>>} */
const store = createStore((state, message) => reduce(state, message), NOTHING);
const tables = createTables(voice, () => Date.now() + store.get().skew_ms);
let said = { counts: "", joining: "" };

store.watch((before, now) => {
  if (now.queue && now.queue !== before.queue) show(now.queue);
  if (now.queue && !before.queue) speak();
  if (before.linked && !now.linked) voice.announcer.say(voice.words("link.lost"), { assertive: true });
  if (before.linked !== now.linked) voice.show(voice.words(now.linked ? "monitor.live" : "link.lost"));
});

/** @param {Queue} queue the sentence above the tables is as true as they are */
function show(queue) {
  tables.render(queue);
  voice.show(voice.words("monitor.counts", counts(queue)));
  const people = element("[data-joining]");
  if (queue.joining) write(element("a", people), queue.joining);
  // Whoever just stands on the link keeps it; its page says that nobody is waiting any more.
  people.hidden = !queue.joining && !people.contains(document.activeElement);
}

function speak() {
  const { queue } = store.get();
  if (!queue) return;
  const now = { counts: voice.words("monitor.counts", counts(queue)), joining: queue.joining };
  for (const topic of news(said, now)) voice.announcer.say(now[topic], { topic });
  said = now;
}

setInterval(speak, SAY_EVERY_MS);
setInterval(() => tables.tick(), 1_000);
createLink("/ws/monitor/", store, () => undefined, voice.tell);
