// The one connection: what changes comes as server-sent events, what people do goes as JSON.
import { $, h } from "./dom.js";

let source = null;

export function connect(state, parts) {
  source?.close();
  const query = new URLSearchParams({ telegram: state.telegram, slack: state.slack });
  source = new EventSource(`/events?${query}`);
  for (const [name, draw] of Object.entries(parts)) {
    source.addEventListener(name, (event) => draw(JSON.parse(event.data)));
  }
  source.onopen = () => document.body.classList.remove("gone");
  source.onerror = () => document.body.classList.add("gone");
}

export async function act(name, given = {}) {
  let answer;
  try {
    answer = await fetch(`/do/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(given),
    });
  } catch {
    notice("The sandbox has ended. Start it again with make demo.");
    return false;
  }
  if (answer.ok) return true;
  const { why } = await answer.json().catch(() => ({ why: "That did not work." }));
  notice(why);
  return false;
}

export function notice(words, place = $("notices")) {
  const line = h("p", { class: "notice" }, words, h("button", {
    type: "button", "aria-label": "Dismiss", onclick: () => line.remove(),
  }, "✕"));
  place.append(line);
  setTimeout(() => line.remove(), 9000);
}

export async function read(files) {
  return Promise.all([...files].map(async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return { name: file.name, mime: file.type, data: btoa(binary) };
  }));
}
