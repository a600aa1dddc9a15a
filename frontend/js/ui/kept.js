/** Are the settings the same on each device of one account? The newest win, and that is said. */

/**
 * @import { Mine, MineStore } from "../state/mine.js"
 * @typedef {{account: string | null, chosen: Partial<Mine> | null, at_ms: number}} There
 */

const ADDRESS = "/mine/kept/";
const KEY = "assist.mine.kept";

/**
 * @param {MineStore} mine
 * @param {string} token against forged forms
 * @param {Pick<Storage, "getItem" | "setItem">} memory what this device knows of: account and time
 * @param {typeof fetch} ask
 */
export function createKept(mine, token, memory = localStorage, ask = (...it) => fetch(...it)) {
  let account = "";

  /** @returns {Promise<boolean>} whether another device knew better */
  async function look() {
    const answer = await ask(ADDRESS);
    /** @type {There} */
    const there = await answer.json();
    if (!answer.ok || !there.account) return false;
    account = there.account;
    if (there.chosen && there.at_ms > known()) return adopt(there.chosen, there.at_ms);
    if (!there.chosen || differs(there.chosen, mine.get())) await save();
    return false;
  }

  async function save() {
    if (!account) return;
    const { lens: _own, ...chosen } = mine.get();
    const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
    const answer = await ask(ADDRESS, { method: "POST", headers, body: JSON.stringify(chosen) });
    if (answer.ok) remember((await answer.json()).at_ms);
  }

  /**
   * @param {Partial<Mine>} chosen
   * @param {number} at_ms
   */
  function adopt(chosen, at_ms) {
    const news = differs(chosen, mine.get());
    mine.change(chosen);
    remember(at_ms);
    return news;
  }

  /** Of this very account: of another one this device knows nothing yet. */
  function known() {
    const [whose, at_ms] = recall(memory).split(":");
    return whose === account ? Number(at_ms) : 0;
  }

  /** @param {number} at_ms */
  function remember(at_ms) {
    try {
      memory.setItem(KEY, `${account}:${at_ms}`);
    } catch {
      // Then this device asks again what it knows already.
    }
  }

  // Without a network the device's own document counts; the next visit makes them one again.
  return { look: () => look().catch(() => false), save: () => save().catch(() => undefined) };
}

/** @param {Pick<Storage, "getItem">} memory */
function recall(memory) {
  try {
    return memory.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {Partial<Mine>} there
 * @param {Mine} here
 */
const differs = (there, here) => JSON.stringify({ ...here, ...there }) !== JSON.stringify(here);
