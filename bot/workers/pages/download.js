import { Refused, ask, by, say, show, token } from "./link.js";

async function look() {
  try {
    return await ask("readable");
  } catch (error) {
    show(error instanceof Refused ? error.answer.say : say("failed"));
    return null;
  }
}

if (token) {
  const found = await look();
  if (found) {
    by("lead").textContent = say("lead_download", found);
    by("name").textContent = `${found.name} · ${found.size}`;
    by("token").value = token;
    by("form").hidden = false;
    show("");
    by("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await look()) by("form").submit();
      else by("form").hidden = true;
    });
  }
} else {
  show(say("no_link"));
}
