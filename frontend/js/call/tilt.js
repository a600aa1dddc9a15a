/** May the page know how the phone is held? Most browsers just tell, an iPhone asks the person. */

/** @typedef {{requestPermission?: () => Promise<string>} | undefined} Asking */

const motion = () =>
  /** @type {Asking} */ (/** @type {unknown} */ (globalThis.DeviceOrientationEvent))?.requestPermission;

// Chromium has the question too, and answers it by itself. Where nobody says so, it is put.
let silent = false;
const sensor = /** @type {PermissionDescriptor} */ (/** @type {unknown} */ ({ name: "accelerometer" }));
globalThis.navigator?.permissions?.query(sensor).then(
  ({ state }) => (silent = state !== "prompt"),
  () => undefined,
);

/** Will the person see a question of the phone's? */
export const asksForTilt = () => !silent && typeof motion() === "function";

/** Inside the press that asks for help, and nowhere else. Who refuses gets the other hints. */
export const allowTilt = () => void motion()?.().catch(() => undefined);
