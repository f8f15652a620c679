// The page as a whole: what comes in is drawn, what is pressed goes out.
import { $, momentOf, text } from "./dom.js";
import { menu } from "./menu.js";
import { middle } from "./middle.js";
import { people } from "./people.js";
import { Slack } from "./slack.js";
import { Telegram } from "./telegram.js";
import { act, connect } from "./wire.js";

const state = { telegram: "700001", slack: "U0002", topics: {}, channels: {}, seen: {}, read: {}, offset: 0, everyone: [] };
const telegram = new Telegram(state);
const slack = new Slack(state);
let troubles = {};
let story = null;
const followed = {};

const SWITCHES = { telegram: "Telegram is down", slack: "Slack is down", "slack speed": "Slack is slow", service: "Chairside is killed" };
const MODEL = { off: "No model rewords answers", on: "A model rewords answers", down: "The model is down" };

function choose(platform, id) {
  if (state[platform] === id) return;
  state[platform] = id;
  begin();
}

function clock() {
  text("now", momentOf(Date.now() + state.offset));
}

function drawTroubles(given) {
  troubles = given;
  const made = Object.entries(SWITCHES).filter(([kind]) => given[kind]).map(([, label]) => label);
  if (given.model === "down") made.push(MODEL.down);
  $("troubles").classList.toggle("on", made.length > 0);
  $("troubles").textContent = made.length > 0 ? made.join(", ") : "Trouble";
  text("running", given.service ? "It is not running." : "It is running.");
  $("running").classList.toggle("down", given.service);
}

function drawStory(given) {
  story = given;
  const notes = {
    ready: "Play it, or take the keyboard at once: everything on this page works.",
    stopped: `It stopped here: ${given.why} The keyboard is yours; play goes on from here.`,
    done: "That was the story. The case is yours: everything on this page works.",
  };
  text("story-title", given.title || "The story");
  text("story-note", notes[given.state] ?? given.note);
  $("story-at").max = given.of;
  $("story-at").value = given.at;
  const playing = given.state === "playing";
  text("story-play", playing ? "Take over" : given.at > 0 ? "Play on" : "Play the story");
  for (const id of ["story-play", "story-step"]) $(id).hidden = given.state === "done";
  $("story-step").disabled = playing;
  given.focus.forEach(follow);
}

// While the story plays, the page looks where it happens.
function follow(given) {
  if (given.at <= (followed[given.platform] ?? -1)) return;
  followed[given.platform] = given.at;
  if (state[given.platform] !== given.user) choose(given.platform, given.user);
  const side = given.platform === "telegram" ? telegram : slack;
  if (given.room) side.open(given.room);
  else if (given.platform === "slack") slack.direct();
  else if (!given.verb.startsWith("sees")) telegram.choose(0);
  panel(given.platform);
}

function panel(name) {
  document.querySelector(".panels").dataset.shown = name;
  for (const tab of document.querySelectorAll("[data-panel]")) tab.setAttribute("aria-pressed", String(tab.dataset.panel === name));
}

function theme() {
  const now = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
}

function begin() {
  people(state, state.everyone, choose);
  connect(state, {
    people: ({ everyone }) => { state.everyone = everyone; people(state, everyone, choose); },
    telegram: (view) => telegram.draw(view),
    slack: (view) => slack.draw(view),
    middle,
    clock: ({ offset, next }) => {
      state.offset = offset;
      $("next").disabled = next === null;
      $("next").title = next === null ? "Nothing is planned yet" : momentOf(next);
      clock();
    },
    troubles: drawTroubles,
    story: drawStory,
  });
}

// The apps' own links stay here: a room opens in its panel, an invitation is a Start with its code.
document.addEventListener("click", (event) => {
  const anchor = event.target.closest?.("a[href]");
  if (!anchor) return;
  const url = new URL(anchor.href);
  const invited = url.hostname === "t.me" && url.searchParams.get("start");
  if (url.hostname === "slack.com" && url.searchParams.has("channel")) slack.choose(url.searchParams.get("channel"));
  else if (invited) telegram.act("start", { payload: invited });
  else return;
  event.preventDefault();
});
for (const button of document.querySelectorAll("[data-move]")) {
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    await act("clock.move", { by: button.dataset.move });
    button.removeAttribute("aria-busy");
  });
}
for (const button of document.querySelectorAll("[data-panel]")) button.addEventListener("click", () => panel(button.dataset.panel));
$("troubles").addEventListener("click", (event) => menu(event.currentTarget, [
  ...Object.entries(SWITCHES).map(([kind, label]) => ({
    label, checked: troubles[kind], run: () => act("trouble.turn", { kind, trouble: !troubles[kind] }),
  })),
  ...Object.entries(MODEL).map(([state, label]) => ({ label, checked: troubles.model === state, run: () => act(`model.${state}`) })),
], "Make trouble"));
$("story-play").addEventListener("click", () => { act(story.state === "playing" ? "story.pause" : "story.play"); });
$("story-step").addEventListener("click", () => act("story.step"));
$("theme").addEventListener("click", theme);
setInterval(clock, 1000);
begin();
