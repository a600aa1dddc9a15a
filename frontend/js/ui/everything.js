/** How does all that is somebody's become one file? The house's part, and what their device keeps. */

/**
 * Without a script, or where something fails, the link itself brings the house's part.
 * @param {HTMLAnchorElement} link
 * @param {() => unknown} settings
 */
export function createDownload(link, settings) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    void gather(link.href, settings()).then(
      (everything) => save(everything, link.download),
      () => location.assign(link.href),
    );
  });
}

/**
 * @param {string} address
 * @param {unknown} settings
 */
async function gather(address, settings) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the house says ${answer.status}`);
  return { settings, ...(await answer.json()) };
}

/**
 * @param {unknown} everything
 * @param {string} name
 */
function save(everything, name) {
  const file = new Blob([JSON.stringify(everything, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  [link.href, link.download] = [URL.createObjectURL(file), name];
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
