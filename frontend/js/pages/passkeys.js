/** A page with passkeys: the button asks the browser, and the answer goes as a form does. */

import { toAnswer, toGet, toMake } from "../net/passkeys.js";
import { Announcer } from "../ui/announce.js";
import { element, find, write } from "../ui/dom.js";

const announcer = new Announcer(element("#announcer"));
const section = element("#passkeys");
const said = element("#passkey-said", section);
const forms = [...section.querySelectorAll("form")].filter((form) => form.dataset.ask);
const possible = isSecureContext && "credentials" in navigator && "PublicKeyCredential" in window;
let busy = false;

/** @param {string} sentence */
function say(sentence) {
  write(said, sentence);
  said.hidden = !sentence;
  if (sentence) announcer.say(sentence, { assertive: true });
}

/** @param {HTMLFormElement} form */
async function ask(form) {
  const token = find("[name=csrfmiddlewaretoken]", HTMLInputElement, form).value;
  const headers = { "X-CSRFToken": token };
  const answer = await fetch(form.dataset.ask ?? "", { method: "POST", headers });
  const { publicKey, text } = await answer.json();
  if (!answer.ok) return say(text);
  const credential = publicKey.user
    ? await navigator.credentials.create({ publicKey: toMake(publicKey) })
    : await navigator.credentials.get({ publicKey: toGet(publicKey) });
  if (!(credential instanceof PublicKeyCredential)) return say(section.dataset.failed ?? "");
  find("[name=answer]", HTMLInputElement, form).value = JSON.stringify(toAnswer(credential));
  form.submit();
}

/** @param {unknown} error why the browser did not answer, as the standard names it */
function sentenceOf(error) {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return section.dataset.cancelled;
  if (name === "InvalidStateError") return section.dataset.known;
  return section.dataset.failed;
}

/** @param {HTMLFormElement} form */
async function run(form) {
  if (busy) return; // the browser asks once
  busy = true;
  say("");
  await ask(form).catch((error) => say(sentenceOf(error) ?? ""));
  busy = false;
}

for (const form of forms) {
  form.hidden = !possible;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(form);
  });
}
if (!possible) say(section.dataset.none ?? "");
