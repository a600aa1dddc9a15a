/** Are the settings the same on each device of one account? The newest win, and that is said. */

/**
 * @import { Memory, Mine, MineStore } from "../state/mine.js"
 * @typedef {{account: string | null, chosen: Partial<Mine> | null, at_ms: number, token: string}} There
 *   `token`: against forged posts
 */

const ADDRESS = "/mine/kept/";
const KEY = "assist.mine.kept"; // looks.js knows it, too

/**
 * @param {MineStore} mine
 * @param {Memory} memory what this device knows of: account and time
 * @param {typeof fetch} ask
 */
export function createKept(mine, memory = localStorage, ask = (...it) => fetch(...it)) {
  let account = "";
  let token = "";

  /** @returns {Promise<boolean>} whether another device knew better */
  async function look() {
    const answer = await ask(ADDRESS);
    /** @type {There} */
    const there = await answer.json();
    if (!answer.ok) return false;
    if (!there.account) return forget();
    ({ account, token } = there);
    mine.refresh(); // else what we held could be taken for a choice of this device, and sent
    if (there.chosen && there.at_ms > known()) return adopt(there.chosen, there.at_ms);
    if (!there.chosen || differs(there.chosen, mine.get())) await save();
    return false;
  }

  async function save() {
    if (!account) return;
    const { lens: _own, tips: _read, ...chosen } = mine.get();
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

  /** This device has no account any more, and its next pages need not ask. */
  function forget() {
    account = "";
    memory.removeItem(KEY);
    return false;
  }

  // Without a network the device's own document counts; the next visit makes them one again.
  return { look: () => look().catch(() => false), save: () => save().catch(() => undefined) };
}

/** @param {Memory} memory */
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
