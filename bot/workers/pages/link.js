// What both pages share: the link's secret (behind the #, so it was never in an address that was sent), words, requests.

export const token = location.hash.slice(1);
const words = JSON.parse(document.getElementById("words").textContent);

export const by = (id) => document.getElementById(id);

export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

// `quietly`: what changes every second is shown and not read aloud each time.
export function show(text, quietly = false) {
  by("said").setAttribute("aria-live", quietly ? "off" : "polite");
  by("said").textContent = text;
}

export class Refused extends Error {
  constructor(status, answer) {
    super(`http ${status}`);
    this.status = status;
    this.answer = answer;
  }
}

// Answers what the server said; Refused if it said no, a TypeError if it could not be reached.
export async function ask(path, { body = null, headers = {}, signal = null } = {}) {
  const answer = await fetch(path, {
    method: "POST",
    body,
    signal,
    headers: { Authorization: `Bearer ${token}`, ...headers },
    cache: "no-store",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  let said = {};
  try {
    said = await answer.json();
  } catch {
    said = { say: say("failed") };
  }
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}
