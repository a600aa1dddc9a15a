/** Is there anybody whom "Only my circle" can mean? Asked before the camera opens, and nobody waits. */

import { glance } from "./glance.js";

/** @returns {Promise<boolean>} false also where nobody can say: then the call begins as it would */
export async function isCircleEmpty() {
  const circle = await glance("/circle/state/").catch(() => null);
  if (!Array.isArray(circle?.people)) return false;
  return !circle.people.some((/** @type {{confirmed: boolean}} */ one) => one.confirmed);
}
