/** Where are the elements of this page? A missing one fails at load, not in the middle of a call. */

/**
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode} root
 * @returns {T}
 */
export function find(selector, kind, root = document) {
  const element = root.querySelector(selector);
  if (element instanceof kind) return element;
  throw new Error(`the page has no ${kind.name} ${selector}`);
}

/**
 * @param {string} selector
 * @param {ParentNode} root
 */
export const button = (selector, root = document) => find(selector, HTMLButtonElement, root);

/**
 * @param {string} selector
 * @param {ParentNode} root
 */
export const element = (selector, root = document) => find(selector, HTMLElement, root);

/**
 * What the server put into the page for us.
 * @param {string} id
 * @returns {any}
 */
export function embedded(id) {
  return JSON.parse(find(`#${id}`, HTMLScriptElement).textContent ?? "null");
}

/**
 * Text is written only when it changed: a screen reader's place in it stays.
 * @param {Element} target
 * @param {string} text
 */
export function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * A button with two names, as "Mute microphone" and "Unmute microphone": it says what it does next.
 * @param {HTMLButtonElement} target
 * @param {boolean} on
 * @param {string} nameWhenOff
 * @param {string} nameWhenOn
 */
export function toggle(target, on, nameWhenOff, nameWhenOn) {
  write(find("[data-name]", HTMLElement, target), on ? nameWhenOn : nameWhenOff);
  target.dataset.on = String(on);
}

/** @param {Record<string, () => void>} runs what each button does, by its selector */
export function onClick(runs) {
  for (const [selector, run] of Object.entries(runs)) button(selector).addEventListener("click", run);
}

/**
 * A button whose press replaces the view: the focus may follow.
 * @param {HTMLButtonElement} target
 * @param {{expect: () => void}} views
 * @param {() => void} run
 */
export function press(target, views, run) {
  target.addEventListener("click", () => {
    views.expect();
    run();
  });
}
