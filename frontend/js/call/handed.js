/**
 * May this person be handed over? Whoever must go may always go; somebody else is their own choice.
 *
 * The note is kept by this page alone, which reads it to the person and gives it to the next Volunteer.
 */

/**
 * @import { Saying } from "../state/says.js"
 * @import { Consent } from "./consent.js"
 * @import { Between, Hand } from "./words_between.js"
 */

/**
 * @param {Hand} message
 * @param {{
 *   consent: Pick<Consent, "wish">, say: (message: Between) => boolean,
 *   tell: (saying: Saying) => void, keep: (note: string) => void,
 * }} parts `keep`: for the next one, if the house says that it happened, too
 */
export async function handed({ why, what, note }, { consent, say, tell, keep }) {
  const said = why === "must_go" ? "yes" : await consent.wish("hand", { [why]: what });
  if (said === "unanswered") tell({ key: "consent.unanswered", topic: "consent" });
  if (said !== "yes") return void say({ t: "no", control: "hand", why: said });
  keep(note);
  say({ t: "hand.yes" });
}
