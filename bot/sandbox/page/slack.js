// The right side: one person's workspace, as Slack draws it.
import { filled, Blocks } from "./blocks.js";
import { Composer } from "./composer.js";
import { $, dayOf, forget, h, initials, keepingEnd, size, sync, text, timeOf } from "./dom.js";
import { menu } from "./menu.js";
import { emoji, mrkdwn, REACTIONS } from "./words.js";
import { act, notice, read } from "./wire.js";

const HOME = "home";
const DIRECT = "direct";

export class Slack {
  constructor(state) {
    this.state = state;
    this.view = null;
    this.waiting = [];
    this.thread = "";
    const composer = (id, label, given) => new Composer($(id), { label, send: (said) => this.say(said, given()) });
    this.composer = new Composer($("sl-composer"), {
      label: "Message", commands: () => this.commands(), send: (said) => this.say(said, ""),
    });
    this.answer = composer("sl-thread-composer", "Reply", () => this.thread);
    $("sl-thread-close").addEventListener("click", () => this.openThread(""));
  }

  act(kind, given = {}) {
    return act(`slack.${kind}`, { who: this.state.slack, ...given });
  }

  // Until the screen is that of whoever was chosen last: what is typed meanwhile is theirs.
  async arrived() {
    while (this.view?.id !== this.state.slack) await new Promise((resolve) => this.waiting.push(resolve));
  }

  commands() {
    return this.view.commands.map((name) => ({ name, about: "Chairside", fill: `${name} ` }))
      .concat([{ name: "/case help", about: "what can be typed", fill: "/case help" }]);
  }

  async say({ text: words, files, mode }, thread) {
    await this.arrived();
    if (mode?.kind === "edit") return this.act("edit", { channel: this.channel.id, ts: mode.ts, text: words });
    return this.act("say", { channel: this.channel.id, text: words, files, thread });
  }

  get place() {
    const wanted = this.state.channels[this.state.slack] ?? DIRECT;
    return wanted === HOME || this.view.channels.some((one) => one.id === wanted) ? wanted : DIRECT;
  }

  get channel() {
    if (this.place === DIRECT) return { ...this.view.direct, name: "Chairside", topic: "", direct: true };
    return this.view.channels.find((one) => one.id === this.place);
  }

  // Show the channel with these words in its name; the private chat for none.
  open(words) {
    const found = this.view && [...this.view.channels].reverse().find((one) => one.name.includes(words));
    if (found) this.choose(found.id);
  }

  direct() {
    this.choose(DIRECT);
  }

  choose(place) {
    if (!this.view) return;
    if (place === HOME) this.act("home");
    if (this.place === place) return;
    this.state.channels[this.state.slack] = place;
    this.thread = "";
    this.composer.about(null);
    this.draw(this.view);
  }

  openThread(ts) {
    this.thread = ts;
    this.draw(this.view);
    (ts ? this.answer.input : this.composer.input).focus();
  }

  draw(view) {
    if (this.view && this.view.id === view.id) view.warnings.slice(this.view.warnings.length).forEach((words) => notice(words));
    if (this.view?.id !== view.id) this.thread = "";
    this.view = view;
    text("sl-team", view.team);
    this.drawSide();
    const home = this.place === HOME;
    for (const id of ["sl-log", "sl-composer"]) $(id).hidden = home;
    $("sl-home").hidden = !home;
    if (home) this.drawHome();
    else this.drawChannel();
    this.drawThread();
    this.drawModal();
    this.waiting.splice(0).forEach((resolve) => resolve());
  }

  drawSide() {
    const seen = (this.state.seen[this.view.id] ??= {});
    const newest = (messages) => messages.filter((one) => !one.mine && !one.system).at(-1)?.ts ?? "";
    const row = (id, name, sign, messages) => {
      const last = newest(messages);
      if (id === this.place) seen[id] = last;
      return { id, name, sign, current: id === this.place, fresh: last > (seen[id] ?? "") };
    };
    const rows = [
      row(HOME, "Home", "⌂", []),
      row(DIRECT, "Chairside", "●", this.view.direct.messages),
      ...this.view.channels.map((one) => row(one.id, one.name, "#", one.messages)),
    ];
    sync($("sl-channels"), rows, (one) => one.id, (one) => h("li", {}, h("button", {
      type: "button", class: one.fresh ? "fresh" : null, "aria-current": one.current ? "true" : null, "data-focus": one.id,
      onclick: () => this.choose(one.id),
    }, h("span", { class: "sign", "aria-hidden": "true" }, one.sign), h("span", { class: "name" }, one.name),
    one.fresh && h("span", { class: "off" }, " has something new"))));
  }

  drawChannel() {
    const { channel } = this;
    const place = `${this.view.id}/${channel.id}`;
    const fresh = place !== this.shown;
    if (fresh) forget($("sl-log"));
    this.shown = place;
    text("sl-title", channel.direct ? "Chairside" : `# ${channel.name}`);
    text("sl-topic", channel.direct ? "App" : channel.topic);
    const replies = Map.groupBy
      ? Map.groupBy(channel.messages.filter((one) => one.thread), (one) => one.thread)
      : channel.messages.reduce((all, one) => (one.thread ? all.set(one.thread, [...(all.get(one.thread) ?? []), one]) : all), new Map());
    const shown = channel.messages.filter((one) => !one.thread || one.broadcast)
      .map((one) => ({ ...one, place: channel.id, replies: replies.get(one.ts)?.length ?? 0 }));
    keepingEnd($("sl-log"), () => sync($("sl-log"), shown, (one) => one.ts, (one) => this.message(one)), fresh);
  }

  drawThread() {
    const { channel } = this;
    const messages = this.thread && channel ? channel.messages.filter((one) => one.ts === this.thread || one.thread === this.thread) : [];
    $("sl-thread").hidden = messages.length === 0;
    const shown = messages.map((one) => ({ ...one, place: channel.id, replies: 0 }));
    keepingEnd($("sl-thread-log"), () => sync($("sl-thread-log"), shown, (one) => one.ts, (one) => this.message(one)));
  }

  name(user) {
    return user === this.view.bot ? "Chairside" : this.view.users[user] ?? user;
  }

  blocks(given) {
    return new Blocks({ users: this.view.users, channels: this.view.channels, ...given });
  }

  message(one) {
    const at = Number(one.ts) * 1000;
    if (one.system) return h("p", { class: "sl-system" }, mrkdwn(one.text, this.view.users), ` · ${timeOf(at)}`);
    const on = (block, element, value) => this.act("press", { channel: one.place, ts: one.ts, block: block.block_id, action: element.action_id, value });
    const body = one.blocks.length > 0 ? this.blocks({ on }).draw(one.blocks) : one.text && h("div", { class: "rich" }, h("p", {}, mrkdwn(one.text, this.view.users)));
    return h("article", { class: `sl-message${one.whisper ? " whisper" : ""}`, "aria-label": this.name(one.user) },
      h("span", { class: `avatar${one.app ? " app" : ""}`, "aria-hidden": "true" }, one.app ? "" : initials(this.name(one.user))),
      h("div", { class: "body" },
        one.whisper && h("p", { class: "only" }, "👁 Only visible to you"),
        one.pinned && h("p", { class: "only" }, "📌 Pinned"),
        h("p", { class: "by" }, h("b", {}, this.name(one.user)), one.app && h("span", { class: "tag" }, "APP"),
          h("span", { class: "when" }, `${dayOf(at)}, ${timeOf(at)}`, one.edited && !one.app && " (edited)")),
        body,
        one.files.map((file) => this.file(file)),
        one.reactions.length > 0 && h("div", { class: "marks" }, one.reactions.map((mark) => h("button", {
          type: "button", class: mark.mine ? "mark mine" : "mark", "aria-pressed": String(mark.mine), "data-focus": `mark-${mark.name}`,
          "aria-label": `${emoji(mark.name)}, ${mark.count}`,
          onclick: () => this.act("react", { channel: one.place, ts: one.ts, name: mark.name }),
        }, emoji(mark.name), ` ${mark.count}`))),
        one.replies > 0 && h("button", { type: "button", class: "replies", onclick: () => this.openThread(one.ts) },
          `${one.replies} ${one.replies === 1 ? "reply" : "replies"}`)),
      !one.whisper && h("button", {
        type: "button", class: "more", "aria-label": "What to do with this message", "aria-haspopup": "menu", "data-focus": `more-${one.ts}`,
        onclick: (event) => this.more(event.currentTarget, one),
      }, "⋯"));
  }

  file(file) {
    if (file.gone) return h("p", { class: "only" }, "This file was deleted.");
    return file.picture
      ? h("a", { class: "photo", href: file.url, target: "_blank", rel: "noopener" }, h("img", { src: file.url, alt: file.name, loading: "lazy" }))
      : h("a", { class: "document", href: file.url, download: file.name },
        h("span", { class: "file-icon", "aria-hidden": "true" }, "📄"), h("span", {}, h("b", {}, file.name), h("small", {}, size(file.size))));
  }

  more(anchor, one) {
    const on = { channel: one.place, ts: one.ts };
    menu(anchor, [
      ...REACTIONS.map((name) => ({ row: true, label: emoji(name), name: `React with ${name}`, run: () => this.act("react", { ...on, name }) })),
      { label: "Reply in thread", run: () => this.openThread(one.thread || one.ts) },
      ...this.view.shortcuts.map((shortcut) => ({ label: shortcut.name, run: () => this.act("shortcut", { ...on, name: shortcut.id }) })),
      ...(one.mine ? [
        { label: "Edit", run: () => this.composer.about({ kind: "edit", ts: one.ts, title: "Edit", words: "", text: this.plain(one) }) },
        { label: "Delete", danger: true, run: () => this.act("delete", on) },
      ] : []),
    ], "Message");
  }

  // What its sender typed, to be changed.
  plain(one) {
    return this.blocks({ on: () => {} }).draw(one.blocks).map((node) => node.textContent).join("\n") || one.text;
  }

  drawHome() {
    text("sl-title", "Home");
    text("sl-topic", "Chairside");
    const home = this.view.home;
    const on = (block, element, value) => this.act("press", { view: home.id, block: block.block_id, action: element.action_id, value });
    sync($("sl-home"), home ? [home] : [], (one) => one.id, (one) => h("div", { class: "home" }, this.blocks({ on, values: one.values }).draw(one.blocks)));
  }

  drawModal() {
    const { modal } = this.view;
    $("sl-modal").hidden = !modal;
    const before = this.modal;
    this.modal = modal?.id;
    // Drawn anew only when the app, or an error, changed it; what was being typed stays.
    const old = before === modal?.id ? $("sl-modal").querySelector("form") : null;
    const typed = old ? typing(old) : {};
    const signs = modal ? [{ id: modal.id, hash: modal.hash, errors: modal.errors }] : [];
    sync($("sl-modal"), signs, (one) => one.id, () => retyped(this.form(modal), typed));
    if (modal && before !== modal.id) {
      const form = $("sl-modal");
      (form.querySelector(".modal-body :is(input, textarea, select, button)") ?? form.querySelector("button")).focus({ preventScroll: true });
    }
    if (!modal && before) this.composer.input.focus({ preventScroll: true });
  }

  form(modal) {
    const on = (block, element, value) => this.act("press", { view: modal.id, block: block.block_id, action: element.action_id, value });
    const form = h("form", {
      class: "modal", role: "dialog", "aria-label": modal.title, novalidate: true,
      onsubmit: async (event) => {
        event.preventDefault();
        const { values, files } = filled(form, modal.blocks);
        const uploads = Object.fromEntries(await Promise.all(Object.entries(files).map(async ([id, chosen]) => [id, await read(chosen)])));
        await this.act("submit", { values, uploads });
      },
      onkeydown: (event) => { if (event.key === "Escape") this.act("close"); },
    },
    h("header", {}, h("h3", {}, modal.title), h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => this.act("close") }, "✕")),
    h("div", { class: "modal-body", tabindex: "0", role: "group", "aria-label": "Form" }, this.blocks({ on, values: modal.values, errors: modal.errors }).draw(modal.blocks)),
    h("footer", {},
      h("button", { type: "button", class: "button", onclick: () => this.act("close") }, modal.close || "Cancel"),
      modal.submit && h("button", { type: "submit", class: "button primary" }, modal.submit)));
    return form;
  }
}

const TYPED = "input[type=text], input[type=email], input[type=url], textarea";

function typing(form) {
  return Object.fromEntries([...form.querySelectorAll(TYPED)].map((one) => [one.dataset.focus, one.value]));
}

function retyped(form, typed) {
  for (const one of form.querySelectorAll(TYPED)) one.value ||= typed[one.dataset.focus] ?? "";
  return form;
}
