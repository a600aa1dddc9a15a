/**
 * Is this browser still who this page is for? Another page of it may have signed out, or come back to
 * an account; a page that goes on as before would speak for somebody else.
 *
 * `me` is a mark of the person, from which nobody can tell who they are.
 */

const KEY = "assist.me";

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Memory */

/**
 * The page that was served last knows best. `met`: the browser said who it is when it asked for the
 * page. One that keeps no cookie is somebody new each time, and must not make its other pages load anew.
 * @param {{me: string, met: boolean}} person
 * @param {Memory} memory
 */
export function remember({ me, met }, memory = localStorage) {
  try {
    if (met) memory.setItem(KEY, me);
    else memory.removeItem(KEY);
  } catch {
    // Then its other pages do not hear of it, and their next request tells.
  }
}

/**
 * Load anew once it is somebody else, as soon as nothing goes on here.
 * @template State
 * @param {{me: string, met: boolean}} person
 * @param {{get: () => State, watch: (watch: () => void) => void}} store
 * @param {(now: State) => boolean} isBusy a call goes on, or words are being written
 * @param {Memory} memory
 * @param {() => void} load
 */
export function createWhose(person, store, isBusy, memory = localStorage, load = () => location.reload()) {
  remember(person, memory);
  function look() {
    const now = recall(memory);
    if (now && now !== person.me && !isBusy(store.get())) load();
  }
  store.watch(look);
  addEventListener("storage", look);
  addEventListener("pageshow", look); // back from where a browser keeps pages that sleep
  return look;
}

/** @param {Memory} memory */
function recall(memory) {
  try {
    return memory.getItem(KEY);
  } catch {
    return null;
  }
}
