/** Whom is a report about, where one Volunteer handed over to another? The person chooses. */

/** @import { Helper, RequesterState } from "../state/requester.js" */
/** @import { Voice } from "./voice.js" */

import { element, find } from "./dom.js";

/** @param {Voice} voice */
export function createAboutWhom({ words }) {
  const part = element("[data-about]");
  const choice = find("select", HTMLSelectElement, part);
  const call = find("#report [name=call]", HTMLInputElement);
  let last = "";

  choice.addEventListener("change", () => (call.value = choice.value));

  /** @param {Helper} helper */
  function option({ call: id, peer }) {
    const when = id === last ? "last" : "before";
    return new Option(words(`about.${when}${peer ? ".named" : ""}`, { name: peer ?? "" }), id);
  }

  return {
    /** @param {RequesterState} state after a call */
    show({ ended }) {
      if (!ended?.call || ended.call === last) return;
      const { call: id, peer, before } = ended;
      last = id;
      choice.replaceChildren(...[...before, { call: id, peer }].reverse().map(option));
      part.hidden = before.length === 0;
    },
  };
}
