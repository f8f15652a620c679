// Formatted words as nodes: Telegram's entities, Slack's rich text and mrkdwn.
import { dayOf, h, timeOf } from "./dom.js";

const safe = (url) => (/^https?:\/\//i.test(url) ? url : null);

export function link(url, words) {
  return safe(url) ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words || url) : h("span", {}, words || url);
}

// ------------------------------------------------------------------------------------------------------ Telegram
const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

function dressed(entity, words, inner) {
  if (PLAIN[entity.type]) return h(PLAIN[entity.type], {}, inner);
  switch (entity.type) {
    case "pre": return h("code", { class: "pre" }, inner);
    case "text_link": return safe(entity.url) ? h("a", { href: entity.url, target: "_blank", rel: "noopener noreferrer" }, inner) : inner;
    case "url": return link(words, inner);
    case "blockquote": case "expandable_blockquote": return h("span", { class: "quote" }, inner);
    case "spoiler": return h("span", { class: "spoiler", tabindex: "0" }, inner);
    case "mention": case "hashtag": case "bot_command": case "text_mention": return h("span", { class: "mention" }, inner);
    default: return inner;
  }
}

// Offsets count UTF-16 units, as strings do here.
export function telegramWords(words, entities) {
  const edges = new Set([0, words.length]);
  for (const one of entities) edges.add(one.offset).add(one.offset + one.length);
  const places = [...edges].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1];
    const covering = entities.filter((one) => one.offset <= from && one.offset + one.length >= to);
    covering.sort((a, b) => a.length - b.length);
    return covering.reduce(
      (inner, one) => dressed(one, words.slice(one.offset, one.offset + one.length), inner), words.slice(from, to));
  });
}

// --------------------------------------------------------------------------------------------------------- Slack
export const EMOJI = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", heart: "❤️",
  pray: "🙏", tada: "🎉", warning: "⚠️", envelope: "✉️", email: "📧", incoming_envelope: "📨", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", x: "❌", smile: "😄", thinking_face: "🤔", raised_hands: "🙌", clock1: "🕐", dove_of_peace: "🕊️",
};
export const REACTIONS = ["+1", "eyes", "white_check_mark", "heart", "pray", "tada"];

export const emoji = (name) => EMOJI[name] ?? `:${name}:`;

function inline(one, users) {
  const words = {
    text: () => one.text,
    link: () => link(one.url, one.text),
    user: () => h("span", { class: "mention" }, `@${users[one.user_id] ?? one.user_id}`),
    channel: () => h("span", { class: "mention" }, `#${one.channel_id}`),
    broadcast: () => h("span", { class: "mention" }, `@${one.range}`),
    emoji: () => emoji(one.name),
    date: () => one.fallback ?? `${dayOf(one.timestamp * 1000)}, ${timeOf(one.timestamp * 1000)}`,
  }[one.type]?.() ?? one.fallback ?? one.value ?? "";
  const style = one.style ?? {};
  return ["code", "strike", "italic", "bold", "underline"].reduce((inner, name) => {
    const tag = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u" }[name];
    return style[name] ? h(tag, {}, inner) : inner;
  }, words);
}

export function richText(block, users) {
  const run = (element) => element.elements.map((one) => inline(one, users));
  return block.elements.map((element) => {
    switch (element.type) {
      case "rich_text_list": {
        const list = h(element.style === "ordered" ? "ol" : "ul", { start: (element.offset ?? 0) + 1, class: `indent-${element.indent ?? 0}` });
        list.append(...element.elements.map((item) => h("li", {}, run(item))));
        return list;
      }
      case "rich_text_quote": return h("blockquote", {}, run(element));
      case "rich_text_preformatted": return h("code", { class: "pre" }, run(element));
      default: return h("p", {}, run(element));
    }
  });
}

const MARKUP = /<@([UW][A-Z0-9]+)>|<(https?:[^|>]+)(?:\|([^>]*))?>|<!(here|channel|everyone)>|\*([^*\n]+)\*|`([^`\n]+)`/g;
const plain = (words) => words.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function mrkdwn(words, users) {
  const made = [];
  let from = 0;
  for (const found of words.matchAll(MARKUP)) {
    made.push(plain(words.slice(from, found.index)));
    const [, user, url, shown, range, bold, code] = found;
    if (user) made.push(h("span", { class: "mention" }, `@${users[user] ?? user}`));
    else if (url) made.push(link(plain(url), shown && plain(shown)));
    else if (range) made.push(h("span", { class: "mention" }, `@${range}`));
    else made.push(bold ? h("strong", {}, plain(bold)) : h("code", {}, plain(code)));
    from = found.index + found[0].length;
  }
  return [...made, plain(words.slice(from))];
}
