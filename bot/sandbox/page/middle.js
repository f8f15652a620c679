// The middle: cases, deliveries, drafts and the record as they happen. States and numbers, never words of a message.
import { $, dayOf, h, sync, timeOf } from "./dom.js";

const MARKS = { queued: "…", sending: "→", sent: "✓", uncertain: "?", failed: "✕", void: "–", open: "…", approved: "✓", dismissed: "–" };
const when = (micros) => `${dayOf(micros / 1000)} ${timeOf(micros / 1000)}`;
const day = (iso) => dayOf(Date.parse(iso));
const chip = (state) => h("span", { class: `chip ${state}` }, h("span", { "aria-hidden": "true" }, `${MARKS[state] ?? "·"} `), state);
const ref = (words) => h("span", { class: "ref" }, words);
const none = (words) => ({ empty: words });

function rows(id, list, key, words, draw) {
  sync($(id), list.length > 0 ? list : [none(words)], (one) => (one.empty ? "none" : key(one)),
    (one) => (one.empty ? h("li", { class: "none" }, one.empty) : draw(one)));
}

function oneCase(one) {
  const line = (name, value) => value && h("div", {}, h("dt", {}, name), h("dd", {}, value));
  const picture = one.picture && `/timeline/${one.ref}?${one.picture.key}`;
  return h("li", { class: "case" },
    h("p", { class: "case-head" }, h("b", {}, one.ref), h("span", { class: `chip ${one.state}` }, one.state)),
    h("p", { class: "case-who" }, one.dentist, h("span", { "aria-hidden": "true" }, " ⇄ "), h("span", { class: "off" }, " and "), one.specialist ?? "a specialist is being asked"),
    h("dl", {},
      line("Owes a reply", one.owes_reply),
      line("Next check-in", one.next_check_in && `${day(one.next_check_in)}, ${timeOf(Date.parse(one.next_check_in))}`),
      line("Wanted by", one.event_on && day(one.event_on)),
      line("Messages", String(one.messages)),
      line("On the way", one.on_the_way ? String(one.on_the_way) : null),
      line("Not delivered", one.failed ? String(one.failed) : null)),
    picture && h("a", { class: "plan", href: picture, target: "_blank", rel: "noopener" }, h("img", { src: picture, alt: one.picture.words })));
}

export function middle(view) {
  rows("cases", view.cases, (one) => one.ref, "No case yet.", oneCase);
  rows("drafts", view.drafts, (one) => one.id, "A question the library knows gets a draft.", (one) => h("li", {},
    chip(one.state), h("span", { class: "what" }, h("b", {}, `Draft ${one.no}`), " ", ref(one.case), ` · ${one.topic.replaceAll("_", " ")}`), h("time", {}, when(one.at))));
  rows("deliveries", view.deliveries.slice(0, 40), (one) => one.id, "Nothing has been sent yet.", (one) => h("li", {},
    chip(one.state),
    h("span", { class: "what" }, h("b", {}, one.platform === "slack" ? "Slack" : "Telegram"),
      ` ${one.kind.replaceAll("_", " ")}${one.message ? ` #${one.message}` : ""}${one.card ? ` · ${one.card.replaceAll("_", " ")}` : ""}${one.case ? " · " : ""}`, one.case && ref(one.case),
      one.attempts > 1 && ` · try ${one.attempts}`, one.error && ` · ${one.error}`),
    h("time", {}, when(one.at))));
  rows("record", view.record, (one) => `${one.case}/${one.seq}`, "Nothing is on record yet.", (one) => h("li", {},
    h("code", { class: "seq", title: `hash ${one.hash}…` }, `${one.case ?? "service"} ${one.seq}`),
    h("span", { class: "what" }, h("b", {}, one.action), ` ${one.actor}`, details(one.details)),
    h("time", {}, when(one.at))));
}

function details(given) {
  const words = Object.entries(given).map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ");
  return words && h("small", {}, words);
}
