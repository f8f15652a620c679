// The left side: one person's chat with the bot, as Telegram draws it.
import { Composer } from "./composer.js";
import { $, dayOf, forget, h, keepingEnd, size, sync, text, timeOf } from "./dom.js";
import { menu } from "./menu.js";
import { telegramWords } from "./words.js";
import { act, notice } from "./wire.js";

const REACTIONS = ["👍", "❤", "🙏", "👀", "🎉", "🤔"];
const MAIN = 0;

export class Telegram {
  constructor(state) {
    this.state = state;
    this.view = null;
    this.waiting = [];
    this.toast = 0;
    this.composer = new Composer($("tg-composer"), {
      label: "Message", asFiles: true, commands: () => this.commands(), send: (given) => this.say(given),
    });
    $("tg-start").querySelector("button").addEventListener("click", () => this.act("start"));
  }

  act(kind, given = {}) {
    return act(`telegram.${kind}`, { who: this.state.telegram, ...given });
  }

  // Until the screen is that of whoever was chosen last: what is typed meanwhile is theirs.
  async arrived() {
    while (this.view?.id !== this.state.telegram) await new Promise((resolve) => this.waiting.push(resolve));
  }

  commands() {
    return this.view.commands.map((one) => ({ name: `/${one.name}`, about: one.about, fill: `/${one.name}` }));
  }

  async say({ text: words, files, mode, as_files }) {
    await this.arrived();
    if (mode?.kind === "edit") return this.act("edit", { id: mode.id, text: words });
    return this.act("say", { text: words, files, as_files, topic: this.topic, reply: mode?.id });
  }

  get topic() {
    const wanted = this.state.topics[this.state.telegram] ?? MAIN;
    return this.view.topics.some((one) => one.id === wanted) ? wanted : MAIN;
  }

  // Show the topic with these words in its name; nothing if there is none.
  open(words) {
    const found = this.view && [...this.view.topics].reverse().find((one) => one.name.includes(words));
    if (found) this.choose(found.id);
  }

  choose(topic) {
    if (!this.view || this.topic === topic) return;
    this.state.topics[this.state.telegram] = topic;
    this.composer.about(null);
    this.draw(this.view);
  }

  draw(view) {
    const other = this.view?.id !== view.id;
    if (other) this.toast = view.toast?.seq ?? 0;
    this.view = view;
    const place = `${view.id}/${this.topic}`;
    const fresh = place !== this.place;
    if (fresh) forget($("tg-log"));
    this.place = place;
    this.drawTopics();
    const topic = view.topics.find((one) => one.id === this.topic);
    text("tg-title", topic ? topic.name : "Chairside");
    text("tg-about", topic ? "topic" : "bot");
    const shown = view.messages.filter((one) => one.topic === this.topic || one.id === this.topic);
    keepingEnd($("tg-log"), () => sync($("tg-log"), shown, (one) => one.id, (one) => this.message(one)), fresh);
    $("tg-start").hidden = view.started;
    $("tg-composer").hidden = !view.started;
    const keys = view.started && this.topic === MAIN ? view.keyboard.flat() : [];
    $("tg-keyboard").hidden = keys.length === 0;
    sync($("tg-keyboard"), keys, (one) => one, (one) => h("button", { type: "button", onclick: () => this.act("key", { text: one }) }, one));
    if (view.toast && view.toast.seq > this.toast) {
      this.toast = view.toast.seq;
      if (view.toast.text) notice(view.toast.text);
    }
    this.waiting.splice(0).forEach((resolve) => resolve());
  }

  drawTopics() {
    const read = (this.state.seen[this.view.id] ??= {});
    const newest = (id) => Math.max(0, ...this.view.messages.filter((one) => one.topic === id && !one.mine).map((one) => one.id));
    read[this.topic] = newest(this.topic);
    const rows = [{ id: MAIN, name: "Chat", colour: "#0f766e" }, ...this.view.topics].map((one) => ({
      ...one,
      current: one.id === this.topic,
      unread: this.view.messages.filter((m) => m.topic === one.id && !m.mine && !m.service && m.id > (read[one.id] ?? 0)).length,
    }));
    sync($("tg-topics"), rows, (one) => one.id, (one) => {
      const icon = h("span", { class: "topic-icon", "aria-hidden": "true" }, one.id === MAIN ? "💬" : one.name.slice(0, 2));
      icon.style.setProperty("--topic", one.colour);
      return h("li", {}, h("button", {
        type: "button", "aria-current": one.current ? "true" : null, "data-focus": `topic-${one.id}`, onclick: () => this.choose(one.id),
      }, icon, h("span", { class: "topic-name" }, one.name),
      one.unread > 0 && h("span", { class: "badge" }, String(one.unread), h("span", { class: "off" }, " new"))));
    });
  }

  message(one) {
    if (one.service) return h("p", { class: "tg-service" }, this.service(one.service));
    const bubble = h("div", { class: "bubble" },
      one.pinned && h("span", { class: "pin", title: "Pinned" }, "📌", h("span", { class: "off" }, "Pinned")),
      one.reply && h("p", { class: "reply" }, h("b", {}, one.reply.mine ? "You" : "Chairside"), h("span", {}, one.reply.text)),
      one.file && this.file(one.file),
      one.text && h("div", { class: "words" }, telegramWords(one.text, one.entities)),
      h("div", { class: "foot" },
        one.reactions.map((mark) => h("span", { class: mark.mine ? "mark mine" : "mark" }, mark.emoji)),
        h("span", { class: "when" }, one.edited && "edited ", `${dayOf(one.at * 1000)}, ${timeOf(one.at * 1000)}`,
          one.mine && h("span", { class: "ticks", title: one.taken ? "Received" : "Sent" }, one.taken ? " ✓✓" : " ✓",
            h("span", { class: "off" }, one.taken ? "received" : "sent, not received yet")))),
      h("button", {
        type: "button", class: "more", "aria-label": "What to do with this message", "aria-haspopup": "menu", "data-focus": `more-${one.id}`,
        onclick: (event) => this.more(event.currentTarget, one),
      }, "⋯"));
    const rows = one.buttons.map((row) => h("div", { class: "inline" }, row.map((button) => button.url
      ? h("a", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.label, " ↗")
      : h("button", {
        type: "button", class: button.style || null, "data-focus": `b-${button.data}`,
        onclick: () => this.act("press", { id: one.id, data: button.data }),
      }, button.label))));
    return h("article", { class: one.mine ? "tg-message mine" : "tg-message", "aria-label": one.mine ? "You" : "Chairside" }, bubble, rows);
  }

  service(service) {
    switch (service.kind) {
      case "topic": return `Topic “${service.name}” was created`;
      case "renamed": return `The topic is now called “${service.name}”`;
      case "pinned": return "Chairside pinned a message";
      default: return "A service message";
    }
  }

  file(file) {
    return file.kind === "photo"
      ? h("a", { class: "photo", href: file.url, target: "_blank", rel: "noopener" }, h("img", { src: file.url, alt: "Photo", loading: "lazy" }))
      : h("a", { class: "document", href: file.url, download: file.name },
        h("span", { class: "file-icon", "aria-hidden": "true" }, "📄"), h("span", {}, h("b", {}, file.name), h("small", {}, size(file.size))));
  }

  more(anchor, one) {
    const mine = one.reactions.find((mark) => mark.mine)?.emoji;
    menu(anchor, [
      ...REACTIONS.map((emoji) => ({
        row: true, label: emoji, name: `React with ${emoji}`, checked: mine === emoji,
        run: () => this.act("react", { id: one.id, emoji: mine === emoji ? "" : emoji }),
      })),
      { label: "Reply", run: () => this.composer.about({ kind: "reply", id: one.id, title: "Reply", words: one.text.slice(0, 80) }) },
      ...(one.mine ? [{
        label: "Edit", run: () => this.composer.about({ kind: "edit", id: one.id, title: "Edit", words: "", text: one.text }),
      }] : []),
      { label: "Delete for both", danger: true, run: () => this.act("delete", { id: one.id }) },
    ], "Message");
  }
}
