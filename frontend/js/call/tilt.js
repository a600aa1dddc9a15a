/** May the page know how the phone is held? Most browsers just tell, an iPhone asks the person. */

/** @typedef {{requestPermission?: () => Promise<string>} | undefined} Asking */

const motion = () =>
  /** @type {Asking} */ (/** @type {unknown} */ (globalThis.DeviceOrientationEvent))?.requestPermission;

export const asksForTilt = () => typeof motion() === "function";

/** Inside the press that asks for help, and nowhere else. Who refuses gets the other hints. */
export const allowTilt = () => void motion()?.().catch(() => undefined);
