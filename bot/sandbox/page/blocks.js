// Block Kit: blocks and their elements, in messages, forms and App Home.
import { h } from "./dom.js";
import { menu } from "./menu.js";
import { mrkdwn, richText } from "./words.js";

const words = (text, users) => (text.type === "mrkdwn" ? mrkdwn(text.text, users) : text.text);
const offered = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];

// `on(block, element, value)` is told of a press or a choice; `values` is what a form holds by block and action.
export class Blocks {
  constructor({ users, channels, on, values = {}, errors = {} }) {
    Object.assign(this, { users, channels, on, values, errors });
  }

  draw(blocks) {
    return blocks.map((block) => this.block(block)).filter(Boolean);
  }

  block(block) {
    switch (block.type) {
      case "rich_text": return h("div", { class: "rich" }, richText(block, this.users));
      case "section": return h("div", { class: "section" },
        h("div", { class: "rich" }, block.text && h("p", {}, words(block.text, this.users)),
          block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("p", {}, words(field, this.users))))),
        block.accessory && this.element(block, block.accessory));
      case "context": return h("div", { class: "context" }, block.elements.map((one) => one.type === "image"
        ? h("span", {}, one.alt_text) : h("span", {}, words(one, this.users))));
      case "actions": return h("div", { class: "actions" }, block.elements.map((element) => this.element(block, element)));
      case "header": return h("h4", {}, block.text.text);
      case "divider": return h("hr");
      case "image": return h("p", { class: "context" }, `🖼 ${block.alt_text}`);
      case "markdown": return h("div", { class: "rich" }, h("p", {}, block.text));
      case "input": return this.input(block);
      default: return null;
    }
  }

  input(block) {
    const id = `in-${block.block_id}`;
    const error = this.errors[block.block_id];
    const control = this.element(block, block.element, id);
    const group = ["checkboxes", "radio_buttons"].includes(block.element.type);
    const label = [block.label.text, block.optional && h("small", {}, " (optional)")];
    const about = [block.hint && h("p", { class: "hint", id: `${id}-hint` }, block.hint.text), error && h("p", { class: "error", id: `${id}-error`, role: "alert" }, error)];
    if (group) return h("fieldset", { class: "field", "data-block": block.block_id }, h("legend", {}, label), control, about);
    const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
    if (described) control.setAttribute("aria-describedby", described);
    if (error) control.setAttribute("aria-invalid", "true");
    return h("div", { class: "field", "data-block": block.block_id }, h("label", { for: id }, label), control, about);
  }

  element(block, element, id = null) {
    const key = `${block.block_id}/${element.action_id}`;
    const tell = (value) => this.on(block, element, value);
    const held = this.values[block.block_id]?.[element.action_id] ?? {};
    const at = { id, "data-focus": key, "data-action": element.action_id, "aria-label": id ? null : element.placeholder?.text ?? element.accessibility_label ?? null };
    const change = id ? null : (read) => (event) => tell(read(event.target));
    switch (element.type) {
      case "button": return this.button(element, tell, key);
      case "overflow": return h("button", {
        type: "button", class: "icon", "aria-label": "More", "aria-haspopup": "menu", "data-focus": key,
        onclick: (event) => menu(event.currentTarget, element.options.map((one) => ({ label: one.text.text, run: () => tell(one.value) }))),
      }, "⋯");
      case "static_select": case "users_select": case "conversations_select": case "channels_select":
        return this.select(element, at, held, change?.((node) => node.value));
      case "multi_static_select": {
        const chosen = (held.selected_options ?? []).map((one) => one.value);
        return h("select", { ...at, multiple: true, onchange: change?.((node) => [...node.selectedOptions].map((one) => one.value)) },
          offered(element).map((one) => h("option", { value: one.value, selected: chosen.includes(one.value) }, one.text.text)));
      }
      case "checkboxes": case "radio_buttons": return this.ticks(block, element, held, key, id ? null : tell);
      case "datepicker": return h("input", { ...at, type: "date", value: held.selected_date, onchange: change?.((node) => node.value) });
      case "timepicker": return h("input", { ...at, type: "time", value: held.selected_time, onchange: change?.((node) => node.value) });
      case "file_input": return h("input", { ...at, type: "file", multiple: (element.max_files ?? 10) > 1 });
      case "image": return h("span", { class: "context" }, element.alt_text);
      case "plain_text_input": {
        const props = { ...at, placeholder: element.placeholder?.text, maxlength: element.max_length };
        if (!element.multiline) return h("input", { ...props, type: "text", value: held.value });
        return h("textarea", { ...props, rows: "3" }, held.value);
      }
      case "number_input": return h("input", { ...at, type: "text", inputmode: "decimal", value: held.value });
      case "email_text_input": return h("input", { ...at, type: "email", value: held.value });
      case "url_text_input": return h("input", { ...at, type: "url", value: held.value });
      default: return h("input", { ...at, type: "text" });
    }
  }

  button(element, tell, key) {
    const look = { class: `button ${element.style ?? ""}`.trim(), "data-focus": key, "aria-label": element.accessibility_label };
    if (element.url) return h("a", { ...look, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: () => tell() }, element.text.text);
    const { confirm } = element;
    return h("button", {
      ...look, type: "button",
      onclick: (event) => (confirm ? menu(event.currentTarget, [
        { label: confirm.confirm?.text ?? "Yes", run: () => tell() }, { label: confirm.deny?.text ?? "No", run: () => {} },
      ], confirm.text.text) : tell()),
    }, element.text.text);
  }

  select(element, at, held, onchange) {
    const choices = {
      static_select: () => offered(element).map((one) => [one.value, one.text.text]),
      users_select: () => Object.entries(this.users),
      conversations_select: () => this.channels.map((one) => [one.id, `#${one.name}`]),
      channels_select: () => this.channels.map((one) => [one.id, `#${one.name}`]),
    }[element.type]();
    const chosen = held.selected_option?.value ?? held.selected_user ?? held.selected_conversation ?? held.selected_channel;
    return h("select", { ...at, onchange }, h("option", { value: "" }, element.placeholder?.text ?? "Choose"),
      choices.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
  }

  ticks(block, element, held, key, tell) {
    const many = element.type === "checkboxes";
    const chosen = many ? (held.selected_options ?? []).map((one) => one.value) : [held.selected_option?.value];
    const box = h("div", { class: "ticks-list", "data-action": element.action_id });
    const values = () => [...box.querySelectorAll("input:checked")].map((one) => one.value);
    box.append(...element.options.map((one) => h("label", {}, h("input", {
      type: many ? "checkbox" : "radio", name: key, value: one.value, checked: chosen.includes(one.value), "data-focus": `${key}/${one.value}`,
      onchange: tell && (() => tell(many ? values() : values()[0])),
    }), " ", h("span", {}, words(one.text, this.users), one.description && h("small", {}, words(one.description, this.users))))));
    return box;
  }
}

// What stands in the inputs of a form, by block; files apart. Nothing chosen is null.
export function filled(root, blocks) {
  const values = {};
  const files = {};
  for (const block of blocks.filter((one) => one.type === "input")) {
    const field = root.querySelector(`[data-block="${CSS.escape(block.block_id)}"]`);
    const { type } = block.element;
    if (type === "file_input") {
      const chosen = field.querySelector("input").files;
      if (chosen.length > 0) files[block.block_id] = chosen;
    } else if (type === "checkboxes") {
      values[block.block_id] = [...field.querySelectorAll("input:checked")].map((one) => one.value);
    } else if (type === "radio_buttons") {
      values[block.block_id] = field.querySelector("input:checked")?.value ?? null;
    } else if (type === "multi_static_select") {
      values[block.block_id] = [...field.querySelector("select").selectedOptions].map((one) => one.value);
    } else {
      values[block.block_id] = field.querySelector("input, select, textarea").value || null;
    }
  }
  return { values, files };
}
