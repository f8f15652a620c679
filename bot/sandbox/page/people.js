// Who looks at which screen, and where something new waits.
import { $, h, initials, sync } from "./dom.js";

export function people(state, everyone, choose) {
  for (const [platform, place] of [["telegram", "tg-people"], ["slack", "sl-people"]]) {
    const rows = everyone.filter((one) => one.platform === platform).map((one) => {
      const current = state[platform] === one.id;
      if (current || state.read[one.id] === undefined) state.read[one.id] = one.said;
      return { ...one, said: undefined, current, fresh: one.said > state.read[one.id] };
    });
    sync($(place), rows, (one) => one.id, (one) => h("button", {
      type: "button", "aria-pressed": String(one.current), "data-focus": one.id, "data-person": one.id,
      onclick: () => choose(platform, one.id),
    }, h("span", { class: "avatar", "aria-hidden": "true" }, initials(one.name)),
    h("span", { class: "who" }, h("b", {}, one.name), h("small", {}, one.role)),
    one.fresh && h("span", { class: "dot" }, h("span", { class: "off" }, "something new"))));
  }
}
