// Nodes without a framework. Words only ever become text nodes: there is no way in here to parse them as markup.

export function h(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value == null) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...kids.flat(Infinity).filter((kid) => kid !== null && kid !== undefined && kid !== false && kid !== ""));
  return node;
}

export const $ = (id) => document.getElementById(id);

const held = new WeakMap();

// Draw a list by keys: what did not change keeps its node, and with it focus, selection and scroll.
export function sync(parent, items, key, draw) {
  const before = held.get(parent) ?? new Map();
  const after = new Map();
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const text = JSON.stringify(item);
    let entry = before.get(name);
    if (!entry || entry.text !== text) {
      const node = draw(item);
      if (entry) {
        const at = entry.node.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
        if (entry.node === place) place = node;
        entry.node.replaceWith(node);
        if (at) node.querySelector(`[data-focus="${CSS.escape(at)}"]`)?.focus();
      }
      entry = { text, node };
    }
    if (entry.node === place) place = place.nextElementSibling;
    else parent.insertBefore(entry.node, place);
    after.set(name, entry);
  }
  for (const [name, entry] of before) if (!after.has(name)) entry.node.remove();
  held.set(parent, after);
}

// Forget what a list drew, so that the next `sync` draws all of it.
export function forget(parent) {
  held.delete(parent);
  parent.replaceChildren();
}

const ends = new WeakMap();

// Keep a log at its end while whoever reads it is there, also as pictures arrive; scroll to the end when `always`.
export function keepingEnd(log, change, always = false) {
  if (!ends.has(log)) {
    ends.set(log, true);
    log.addEventListener("scroll", () => ends.set(log, log.scrollHeight - log.scrollTop - log.clientHeight < 80), { passive: true });
    log.addEventListener("load", () => { if (ends.get(log)) log.scrollTop = log.scrollHeight; }, true);
  }
  change();
  if (always) ends.set(log, true);
  if (ends.get(log)) log.scrollTop = log.scrollHeight;
}

export const text = (id, words) => {
  const node = $(id);
  if (node.textContent !== words) node.textContent = words;
};

const ZONE = "Europe/London";
const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const whole = new Intl.DateTimeFormat("en-GB", {
  weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: ZONE,
});
const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: ZONE });

export const timeOf = (ms) => hour.format(ms);
export const dayOf = (ms) => short.format(ms);
export const momentOf = (ms) => whole.format(ms);

export const size = (bytes) =>
  bytes < 1024 ? `${bytes} B` : bytes < 1 << 20 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;

export const initials = (name) =>
  name.replace(/^Dr /, "").split(" ").map((part) => part[0] ?? "").join("").slice(0, 2).toUpperCase();
