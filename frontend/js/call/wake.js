/** How does the screen stay on while somebody needs it? */

/** A lock is lost whenever the page is hidden; it is taken again when the page comes back. */
export function createWakeLock() {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let wanted = false;
  let asking = false; // every change of the page wants it anew: who asked twice would give back one

  async function take() {
    if (!wanted || lock || asking || document.visibilityState !== "visible") return;
    asking = true;
    const taken = await navigator.wakeLock?.request("screen").catch(() => null);
    asking = false;
    lock = taken ?? null;
    lock?.addEventListener("release", () => (lock = null));
    if (!wanted) release();
  }

  function release() {
    void lock?.release();
    lock = null;
  }

  document.addEventListener("visibilitychange", () => void take());
  return {
    /** @param {boolean} on */
    want(on) {
      wanted = on;
      if (on) void take();
      else release();
    },
  };
}
