/** What does the page say, in the person's language? The sentences come with the page. */

/**
 * @typedef {Record<string, string | number>} Params
 * @typedef {(key: string, params?: Params) => string} Say
 */

/**
 * @param {Record<string, string>} table sentences by key; `key.one`, `key.few`... for counted ones
 * @param {string} language
 * @returns {Say} an unknown key is a defect and is returned as it stands
 */
export function createWords(table, language) {
  const plural = new Intl.PluralRules(language || "en");
  return (key, params = {}) => {
    const counted = typeof params.n === "number" ? `${key}.${plural.select(params.n)}` : key;
    const sentence = table[key] ?? table[counted] ?? table[`${key}.other`] ?? key;
    return sentence.replace(/\{(\w+)\}/g, (all, name) => String(params[name] ?? all));
  };
}

/**
 * "Danish and English", in the page's own language.
 * @param {string[]} tags
 * @param {string} language
 */
export function languageNames(tags, language) {
  const names = new Intl.DisplayNames([language || "en"], { type: "language" });
  const list = new Intl.ListFormat(language || "en", { type: "conjunction" });
  return list.format(tags.map((tag) => names.of(tag) ?? tag));
}

/**
 * Primary subtags the server takes, each once; `no` and `nn` count as `nb`.
 * @param {readonly string[]} tags as in navigator.languages
 * @param {string} fallback
 * @returns {string[]} at least one, at most eight
 */
export function primaryLanguages(tags, fallback) {
  const known = tags.map((tag) => tag.toLowerCase().split(/[-_]/)[0] ?? "").map(norwegian);
  const valid = known.filter((tag) => /^[a-z]{2,3}$/.test(tag));
  const unique = [...new Set(valid.length ? valid : [norwegian(fallback)])];
  return unique.slice(0, 8);
}

/** @param {string} tag */
const norwegian = (tag) => (tag === "no" || tag === "nn" ? "nb" : tag);
