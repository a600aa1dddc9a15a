/** Has another device of this person's account changed the settings? Asked on whatever page opens. */

import { createMine } from "../state/mine.js";
import { createKept } from "../ui/kept.js";

const KEY = "assist.mine";

// What the page itself holds reads the device's memory again, as when another page of ours changed it.
void createKept(createMine())
  .look()
  .then((news) => news && dispatchEvent(new StorageEvent("storage", { key: KEY })));
