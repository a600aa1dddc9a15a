/**
 * How does this person see best? Before anything is painted, on every page: no flash, no jump.
 *
 * A plain script in the page's head; modules come too late for that. What is kept is described in
 * state/mine.js.
 */
(() => {
  const root = document.documentElement;

  /** @param {{contrast?: unknown, size?: unknown}} mine */
  function dress({ contrast, size }) {
    root.toggleAttribute("data-more-contrast", contrast === "more");
    const percent = typeof size === "number" && size >= 100 && size <= 200 ? size : 100;
    root.style.setProperty("--size", String(percent / 100));
  }

  /** @returns {{contrast?: unknown, size?: unknown}} nothing where nothing is kept, or may be */
  function recall() {
    try {
      return JSON.parse(localStorage.getItem("assist.mine") ?? "{}") ?? {};
    } catch {
      return {};
    }
  }

  dress(recall());
  // Chosen on another page of ours, or before somebody came back to this one.
  addEventListener("storage", () => dress(recall()));
  addEventListener("pageshow", () => dress(recall()));
  // Chosen on this one.
  addEventListener("assist.mine", (event) => {
    if (event instanceof CustomEvent) dress(event.detail);
  });

  // Chosen on another device of the same account: looked for on each page of a device that has one,
  // and by no newcomer's.
  const kept_here = document.currentScript?.dataset.kept;
  try {
    if (kept_here && localStorage.getItem("assist.mine.kept")) void import(kept_here).catch(() => undefined);
  } catch {
    // A browser that keeps nothing has no account's settings to keep, either.
  }
})();
