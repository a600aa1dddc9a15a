/** The house has forgotten this person; now their browser does: what it kept, and the ringing. */

for (const storage of [() => localStorage, () => sessionStorage]) {
  try {
    storage().clear();
  } catch {
    // A browser that forbids it has kept nothing.
  }
}
dispatchEvent(new CustomEvent("assist.mine", { detail: {} }));
void silence();

/** A deletion that the push service hears of, too: this device rings for nobody. */
async function silence() {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  const subscription = await registration?.pushManager?.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => false);
}
