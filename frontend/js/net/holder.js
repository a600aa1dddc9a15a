/** Which of a person's pages holds the call? Two would take the connection from each other. */

const MARK = "assist.holds";

/**
 * The page that was opened last holds; the older one hears it and steps back.
 * @param {string} role one lock for each role: somebody may try both sides in one browser
 * @param {(message: {type: "local.elsewhere", elsewhere: boolean}) => void} dispatch
 */
export function createHolder(role, dispatch) {
  let held = false;

  function lose() {
    held = false;
    dispatch({ type: "local.elsewhere", elsewhere: true });
  }

  function take() {
    if (held || !navigator.locks) return;
    held = true;
    const forever = () => new Promise(() => undefined);
    navigator.locks.request(`assist.${role}`, { steal: true }, forever).catch(lose);
  }
  return { take };
}

/**
 * This tab has asked for, or accepted, this HelpRequest; a reload remembers it, another device
 * with the same person signed in does not.
 * @param {Storage} storage
 */
export function createMark(storage = sessionStorage) {
  return {
    /** @param {string} help_request */
    set: (help_request) => storage.setItem(MARK, help_request),
    /** @param {string} help_request */
    has: (help_request) => storage.getItem(MARK) === help_request,
  };
}

/** @typedef {ReturnType<typeof createMark>} Mark */
