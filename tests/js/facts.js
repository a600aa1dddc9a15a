/** Which messages do the tests speak of? Shapes as in `assist/protocol/messages.py`. */

export const HELP = "a".repeat(32);
export const CALL = "b".repeat(32);
export const OFFER = "c".repeat(32);

export const help = (more = {}) => ({
  id: HELP, state: "waiting", since_ms: 1000, asked: 0, reachable: 2,
  among: "circle_first", topic: null, languages: ["en"], question: false, first_until_ms: 0, handed: null, call: null, ...more,
});
export const call = (more = {}) => ({
  id: CALL, state: "connecting", peer: "Noor", braille: false, handed: false, practice: false, since_ms: 2000, mine: "up", theirs: "new", ...more,
});
export const offer = (more = {}) => ({
  id: OFFER, help_request: HELP, name: null, braille: false, practice: false, languages: ["en"], topic: null, call_back: false,
  again: false, handed: false, question: null, since_ms: 1000, deadline_ms: 26_000, shown: false, ...more,
});
export const requesterSnapshot = (more = {}) => ({
  type: "snapshot.requester", seq: 0, now_ms: 5000, run: "r1", help_request: null, ...more,
});
export const volunteerSnapshot = (more = {}) => ({
  type: "snapshot.volunteer", seq: 0, now_ms: 5000, run: "r1", state: "away", taking: false,
  reach: "page", why: null, next_ms: 0, offer: null, help_request: null, call: null, ...more,
});
