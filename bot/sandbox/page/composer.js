// The input line of both apps: words, files, and what it answers or changes; Enter sends, Shift+Enter breaks the line.
import { h, size } from "./dom.js";
import { menu } from "./menu.js";
import { notice, read } from "./wire.js";

const LARGEST = 50 * 1024 * 1024;

// `send({text, files, mode, as_files})` answers whether it went; `mode` is what `about` was given, or null.
export class Composer {
  constructor(form, { label, send, commands = null, asFiles = false }) {
    this.form = form;
    this.files = [];
    this.mode = null;
    this.send = send;
    this.banner = h("div", { class: "banner", hidden: true });
    this.chips = h("ul", { class: "chips", "aria-label": "Files to send" });
    this.input = h("textarea", { rows: "1", "aria-label": label, placeholder: label });
    this.picker = h("input", { type: "file", multiple: true, class: "off", tabindex: "-1", "aria-hidden": "true" });
    this.plain = asFiles ? h("label", { class: "as-files", hidden: true }, h("input", { type: "checkbox" }), " as files") : null;
    const attach = h("button", { type: "button", class: "icon", "aria-label": "Attach files", onclick: () => this.picker.click() }, "📎");
    const slash = commands && h("button", {
      type: "button", class: "icon", "aria-label": "Commands", "aria-haspopup": "menu",
      onclick: () => menu(slash, commands().map((one) => ({
        label: h("span", {}, h("b", {}, one.name), ` ${one.about}`), run: () => this.fill(one.fill),
      })), "Commands"),
    }, "/");
    form.append(this.banner, this.chips, h("div", { class: "line" }, slash, attach, this.picker, this.input, this.plain,
      h("button", { type: "submit", class: "icon go", "aria-label": "Send" }, "➤")));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.go(); });
    this.picker.addEventListener("change", () => { this.add(this.picker.files); this.picker.value = ""; });
    this.input.addEventListener("input", () => this.grow());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.go(); }
      if (event.key === "Escape" && this.mode) this.about(null);
    });
    form.addEventListener("dragover", (event) => event.preventDefault());
    form.addEventListener("drop", (event) => { event.preventDefault(); this.add(event.dataTransfer.files); });
    this.input.addEventListener("paste", (event) => this.add(event.clipboardData.files));
  }

  // What is being answered or edited: {kind, title, words, text?}, or null.
  about(mode) {
    this.mode = mode;
    this.banner.hidden = !mode;
    this.banner.replaceChildren();
    if (!mode) return;
    this.banner.append(h("span", {}, h("b", {}, mode.title), ` ${mode.words}`), h("button", {
      type: "button", class: "icon", "aria-label": "Cancel", onclick: () => { this.about(null); this.input.focus(); },
    }, "✕"));
    if (mode.text !== undefined) this.input.value = mode.text;
    this.grow();
    this.input.focus();
  }

  fill(words) {
    this.input.value = words;
    this.grow();
    this.input.focus();
  }

  add(files) {
    for (const file of files) {
      if (file.size > LARGEST) notice(`${file.name} is over 50 MB, more than this page takes.`);
      else this.files.push(file);
    }
    this.show();
  }

  show() {
    if (this.plain) this.plain.hidden = this.files.length === 0;
    this.chips.replaceChildren(...this.files.map((file, at) => h("li", {}, `${file.name} · ${size(file.size)}`, h("button", {
      type: "button", class: "icon", "aria-label": `Leave out ${file.name}`, onclick: () => { this.files.splice(at, 1); this.show(); },
    }, "✕"))));
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
  }

  async go() {
    const words = this.input.value;
    if (!words.trim() && this.files.length === 0) return;
    const { files, mode } = this;
    [this.files, this.input.value] = [[], ""];
    this.about(null);
    this.show();
    this.grow();
    const went = await this.send({ text: words, files: await read(files), mode, as_files: this.plain?.querySelector("input").checked });
    if (went) return;
    // Nothing is lost: what did not go stands there again.
    this.files = files;
    this.input.value = words;
    this.show();
    this.grow();
  }
}
