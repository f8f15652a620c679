import { Refused, ask, by, say, show, token } from "./link.js";
import { Sha256, sha256 } from "./sha256.js";

const SMALLEST = 256 * 1024;
const TRIES = 12;
const PATIENCE = 15000;

let going = null; // the AbortController of what is under way
let most = 0;

const pause = (ms, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
});

// A connection that is gone or a server that is busy is tried again; a plain no is passed on.
async function patiently(step, signal) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await step();
    } catch (error) {
      if (signal.aborted) throw error;
      const later = !(error instanceof Refused) || error.status >= 500 || error.status === 408;
      if (!later || tries >= TRIES) throw error;
      show(error instanceof Refused && error.status === 503 ? error.answer.say : say("waiting"));
      await pause(Math.min(1000 * 2 ** tries, PATIENCE), signal);
    }
  }
}

async function bytesOf(file, from, to) {
  try {
    return new Uint8Array(await file.slice(from, to).arrayBuffer());
  } catch {
    throw new Refused(0, { say: say("unreadable") });
  }
}

function left(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

async function bring(file, signal) {
  const about = JSON.stringify({ name: file.name, size: file.size });
  const begin = () => patiently(() => ask("begin", { body: about, signal }), signal);
  let { at } = await begin();
  let hashed = 0;
  let whole = new Sha256();
  let size = SMALLEST;
  const begun = performance.now();
  const first = at;
  while (at < file.size) {
    if (hashed > at) { whole = new Sha256(); hashed = 0; } // what was here is gone: from the start again
    while (hashed < at) { // what is here already, from an earlier try
      show(say("reading"));
      const some = await bytesOf(file, hashed, Math.min(at, hashed + most));
      whole.update(some);
      hashed += some.length;
    }
    const from = at;
    const piece = await bytesOf(file, at, Math.min(at + size, file.size));
    const started = performance.now();
    try {
      const headers = { "X-Piece-SHA256": sha256(piece), "Content-Type": "application/octet-stream" };
      at = (await patiently(() => ask(`piece?at=${from}`, { body: piece, headers, signal }), signal)).at;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      if (error.answer.at > from) at = error.answer.at; // it had arrived, only the answer was lost
      else at = (await begin()).at;
    }
    if (at === from + piece.length) {
      whole.update(piece);
      hashed = at;
    }
    const took = performance.now() - started;
    if (took < 700) size = Math.min(size * 2, most);
    else if (took > 5000) size = Math.max(size / 2, SMALLEST);
    const speed = Math.max(at - first, 1) / (performance.now() - begun);
    const percent = Math.floor((at * 100) / file.size);
    by("bar").value = percent;
    show(say("sending", { percent, left: left((file.size - at) / speed / 1000) }), true);
  }
  show(say("sealing"));
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ sha256: whole.hex() });
  return await patiently(() => ask("end", { body, headers, signal }), signal);
}

function idle(text) {
  going = null;
  by("progress").hidden = true;
  by("form").hidden = false;
  show(text);
}

async function send(event) {
  event.preventDefault();
  const file = by("file").files[0];
  if (!file || going) return;
  going = new AbortController();
  const { signal } = going;
  by("form").hidden = true;
  by("progress").hidden = false;
  by("name").textContent = file.name;
  by("bar").value = 0;
  by("stop").focus();
  try {
    const done = await bring(file, signal);
    by("progress").hidden = true;
    by("fingerprint").textContent = `${say("fingerprint")}: ${done.sha256}`;
    by("fingerprint").hidden = false;
    show(say("done", { no: done.no }));
    going = null;
  } catch (error) {
    if (signal.aborted) {
      idle(say("stopped"));
    } else if (error instanceof Refused && (error.status === 410 || error.status === 401)) {
      by("progress").hidden = true;
      show(error.answer.say);
    } else {
      idle(error instanceof Refused ? error.answer.say : say("broken"));
    }
    if (!by("form").hidden) by("file").focus();
  }
}

async function stop() {
  if (!going) return;
  going.abort(new DOMException("stopped", "AbortError"));
  try {
    await ask("stop");
  } catch {
    return; // it is forgotten by itself after a while
  }
}

async function open() {
  if (!token) { show(say("no_link")); return; }
  try {
    const found = await ask("awaited");
    most = found.piece;
    by("lead").textContent = say("lead_upload", found);
    by("kinds").textContent = say("kinds", found);
    by("form").hidden = false;
    show("");
    by("form").addEventListener("submit", send);
    by("stop").addEventListener("click", stop);
    addEventListener("beforeunload", (event) => { if (going) event.preventDefault(); });
  } catch (error) {
    show(error instanceof Refused ? error.answer.say : say("failed"));
  }
}

await open();
