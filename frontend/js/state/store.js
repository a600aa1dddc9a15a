/** Who hears of a change? One state, one reducer, and those who look at before and after. */

/**
 * @template S, M
 * @param {(state: S, message: M) => S} reduce
 * @param {S} initial
 */
export function createStore(reduce, initial) {
  let state = initial;
  /** @type {((before: S, after: S) => void)[]} */
  const watchers = [];
  /** @type {M[]} */
  const waiting = [];
  let busy = false;

  // A watcher may dispatch: its message waits until everyone has seen the one before.
  /** @param {M} message */
  function dispatch(message) {
    waiting.push(message);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) step(next);
    } finally {
      busy = false;
    }
  }

  /** @param {M} message */
  function step(message) {
    const before = state;
    state = reduce(state, message);
    if (state !== before) for (const watch of watchers) watch(before, state);
  }

  return {
    dispatch,
    get: () => state,
    /** @param {(before: S, after: S) => void} watch */
    watch: (watch) => void watchers.push(watch),
  };
}
