// One menu for everything: beside its button, by mouse, touch and keys; Escape gives the focus back.
import { h } from "./dom.js";

let open = null;

export function close(refocus = true) {
  if (!open) return;
  const { box, anchor } = open;
  open = null;
  box.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus) anchor.focus();
}

// `items`: {label, run, checked?, danger?, row?}; those with `row` stand side by side.
export function menu(anchor, items, title = "") {
  if (open?.anchor === anchor) return close();
  close(false);
  const pick = (item) => () => { close(); item.run(); };
  const draw = (item) => h("button", {
    type: "button",
    role: item.checked === undefined ? "menuitem" : "menuitemcheckbox",
    "aria-checked": item.checked === undefined ? null : String(item.checked),
    "aria-label": item.name,
    class: item.danger ? "danger" : null,
    tabindex: "-1",
    onclick: pick(item),
  }, item.label);
  const rows = items.filter((item) => item.row);
  const box = h("div", { class: "menu", role: "menu", "aria-label": title || anchor.getAttribute("aria-label") || anchor.textContent },
    title && h("p", { class: "menu-title", role: "presentation" }, title),
    rows.length > 0 && h("div", { class: "menu-row", role: "presentation" }, rows.map(draw)),
    items.filter((item) => !item.row).map(draw));
  document.body.append(box);
  anchor.setAttribute("aria-expanded", "true");
  open = { box, anchor };
  const at = anchor.getBoundingClientRect();
  const left = Math.min(at.left, window.innerWidth - box.offsetWidth - 8);
  const below = at.bottom + 4 + box.offsetHeight < window.innerHeight;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - box.offsetHeight - 4)}px`;
  box.querySelector("button")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (!open) return;
  const choices = [...open.box.querySelectorAll("button")];
  const at = choices.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  if (event.key === "Escape" || event.key === "Tab") close();
  else if (event.key in steps) choices.at((at + steps[event.key] + choices.length) % choices.length).focus();
  else if (event.key === "Home") choices[0].focus();
  else if (event.key === "End") choices.at(-1).focus();
  else return;
  event.preventDefault();
});
document.addEventListener("pointerdown", (event) => {
  if (open && !open.box.contains(event.target) && !open.anchor.contains(event.target)) close(false);
});
