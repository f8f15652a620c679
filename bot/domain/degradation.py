"""The one table of what each platform lacks, and how that becomes text that still reads well.

`degrade` gives a rich text that the platform can show in full, and says what was lost on the way. It drops no
character: it drops spans, writes a link's address out behind its words, and puts a line break where a platform
would swallow another kind of break and so join two words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.richtext import Measure, RichText
from bot.domain.richtext_dates import valid, wordless
from bot.domain.richtext_spans import ATOMS, BLOCKS, PINGS, STYLES, Apart, Kind, Span, without


class Step(StrEnum):
    """One way in which less arrives than was sent."""

    SPOILER_SHOWN = "spoiler_shown"
    QUOTE_OPENED = "quote_opened"
    LIST_AS_TEXT = "list_as_text"
    COLOUR_AS_TEXT = "colour_as_text"
    MENTION_AS_TEXT = "mention_as_text"
    EMOJI_AS_TEXT = "emoji_as_text"
    DATE_AS_TEXT = "date_as_text"
    LINK_WRITTEN_OUT = "link_written_out"
    LANGUAGE_DROPPED = "language_dropped"
    STYLE_DROPPED = "style_dropped"
    BREAKS_REPLACED = "breaks_replaced"


UNTOLD = frozenset({Step.LIST_AS_TEXT, Step.QUOTE_OPENED, Step.LANGUAGE_DROPPED, Step.BREAKS_REPLACED})
"""Steps that change nothing a reader would miss: counted, not told to the sender."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A step and how many times it was taken."""

    step: Step
    count: int

    @property
    def told(self) -> bool:
        """The sender should hear of it."""
        return self.step not in UNTOLD


@dataclass(frozen=True, slots=True)
class Means:
    """What one platform can show."""

    kinds: frozenset[Kind]
    addresses: tuple[re.Pattern[str], ...]
    """What a link may lead to. The rest is written out, since one bad address makes the whole message fail."""
    address_limit: int
    in_code: frozenset[Kind]
    in_pre: frozenset[Kind]
    in_link: frozenset[Kind]
    """What these may hold."""
    languages: frozenset[str] | None
    """What a code block may be said to be in; None is anything."""
    worded_dates: bool
    """A date's template may hold words of its own; else they stay as they are."""
    bare_dates: bool
    """A moment can stand behind words that stay as they are."""
    pieces: int
    """Pieces of formatting that a message may have; 0 is any number."""
    breaks: Mapping[str, str] = field(default_factory=dict)
    """Characters it takes out of a text though they part words, and what stands in for them."""


@dataclass(frozen=True, slots=True)
class Degraded:
    """What the platform can show, and what that cost."""

    rich: RichText
    losses: tuple[Loss, ...] = ()


_WEB = re.compile(
    r"https?://(?:[^\W_](?:[\w-]{0,62})\.)+[^\W\d_][\w-]{0,62}\.?(?::[1-9]\d{0,3})?(?:[/?#][^\s\x00-\x20\x7f<>\"|]*)?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"mailto:[\w.+%-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}", re.IGNORECASE)
_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_PHONE = re.compile(r"tel:\+?[\d().-]{3,30}", re.IGNORECASE)

TABLE: Mapping[str, Means] = {
    "slack": Means(
        kinds=frozenset(Kind) - {Kind.SPOILER, Kind.EXPANDABLE},
        addresses=(_WEB, _MAIL, _PHONE),
        address_limit=3000,
        in_code=STYLES | ATOMS | {Kind.LINK},
        in_pre=frozenset({Kind.LINK}),
        in_link=STYLES | {Kind.CODE, Kind.DATE},
        languages=frozenset({"javascript", "json", "python"}),
        worded_dates=True,
        bare_dates=False,
        pieces=0,
    ),
    "telegram": Means(
        kinds=frozenset(Kind) - {Kind.ITEM, Kind.COLOUR, Kind.GROUP, Kind.CHANNEL, Kind.TEAM, Kind.BROADCAST},
        addresses=(_WEB,),
        address_limit=2000,
        in_code=frozenset(),
        in_pre=frozenset(),
        in_link=STYLES,
        languages=None,
        worded_dates=False,
        bare_dates=True,
        pieces=100,
        breaks={"\u2028": "\n", "\u2029": "\n", "\r": "\n"},
    ),
}

_NO_LINKS = replace(TABLE["telegram"], addresses=())

FALLS: Mapping[Kind, tuple[Step, Kind | None]] = {
    Kind.SPOILER: (Step.SPOILER_SHOWN, None),
    Kind.EXPANDABLE: (Step.QUOTE_OPENED, Kind.QUOTE),
    Kind.ITEM: (Step.LIST_AS_TEXT, None),
    Kind.COLOUR: (Step.COLOUR_AS_TEXT, None),
    **dict.fromkeys(PINGS, (Step.MENTION_AS_TEXT, None)),
}
"""What a kind that a platform lacks becomes; None is plain text."""


_AS_TEXT = {
    Kind.EMOJI: Step.EMOJI_AS_TEXT,
    Kind.DATE: Step.DATE_AS_TEXT,
    Kind.COLOUR: Step.COLOUR_AS_TEXT,
}


def degrade(rich: RichText, platform: str, live: Collection[str] = ()) -> Degraded:
    """The text as the platform can show it. Doing it twice changes nothing.

    A mention stays a mention only if its account text is in `live`: who is to be called is our decision, never that
    of a text that passes through.
    """
    means = TABLE[platform]
    if not rich.spans and not any(sign in rich.text for sign in means.breaks):
        return Degraded(rich)
    losses: Counter[Step] = Counter()
    text = _with_breaks(rich.text, means.breaks, losses)
    spans = [kept for span in rich.spans if (kept := _kept(span, text, platform, means, live, losses))]
    spans = _contained(spans, means, losses)
    text, spans = _written_out(text, spans, means, losses)
    whole = text == rich.text and tuple(spans) == rich.spans
    return Degraded(rich if whole else RichText(text, tuple(spans)), _tally(losses))


def spelt_out(rich: RichText) -> str:
    """The words alone, with what their links lead to beside them: "words (address)"."""
    return _written_out(rich.text, list(rich.spans), _NO_LINKS, Counter())[0] if rich.spans else rich.text


def fit(rich: RichText, platform: str, limit: int, measure: Measure) -> tuple[tuple[RichText, ...], tuple[Loss, ...]]:
    """The text as the platform can show it, in parts that each fit a message, and what that cost.

    `limit` and `measure` are the platform's (`Capabilities.text_limit`, `text_unit`). Only this order is safe: what is
    written out takes room too.
    """
    shown = degrade(rich, platform)
    return shown.rich.split(limit, measure, TABLE[platform].pieces), shown.losses


def _tally(losses: Counter[Step]) -> tuple[Loss, ...]:
    return tuple(Loss(step, losses[step]) for step in Step if losses[step]) if losses else ()


def _with_breaks(text: str, breaks: Mapping[str, str], losses: Counter[Step]) -> str:
    """The same number of characters, so that spans stay where they are; CR LF is left alone."""
    if breaks.keys().isdisjoint(text):
        return text
    found = [at for at, char in enumerate(text) if char in breaks]
    lone = [at for at in found if not (text[at] == "\r" and text[at + 1 : at + 2] == "\n")]
    if not lone:
        return text
    losses[Step.BREAKS_REPLACED] += len(lone)
    chars = list(text)
    for at in lone:
        chars[at] = breaks[text[at]]
    return "".join(chars)


def _kept(
    span: Span, text: str, platform: str, means: Means, live: Collection[str], losses: Counter[Step]
) -> Span | None:
    """The span as the platform has it, or None."""
    if span.kind in PINGS and not (span.kind is Kind.MENTION and span.value in live):
        losses[Step.MENTION_AS_TEXT] += 1
        return None
    if span.kind not in means.kinds:
        step, instead = FALLS[span.kind]
        losses[step] += 1
        return replace(span, kind=instead) if instead else None
    if span.kind is Kind.EMOJI and not span.value.startswith(f"{platform}:"):
        if text.startswith(":", span.start) or not _is_named(span.value):
            losses[Step.EMOJI_AS_TEXT] += 1
        return None
    if span.kind is Kind.PRE and span.value and means.languages is not None and span.value not in means.languages:
        losses[Step.LANGUAGE_DROPPED] += 1
        return replace(span, value="")
    if span.kind is Kind.DATE:
        return _date(span, means, losses)
    return span


def _is_named(value: str) -> bool:
    """An emoji of everybody's, which its character shows as well; not one drawn by somebody and known by number."""
    return not value.partition(":")[2].isdigit()


def _date(span: Span, means: Means, losses: Counter[Step]) -> Span | None:
    worded = valid(span.form) and not wordless(span.form)
    if valid(span.form) and (means.worded_dates or not worded):
        return span
    if means.bare_dates:
        return replace(span, form="")
    losses[Step.DATE_AS_TEXT] += 1
    return None


def _contained(spans: list[Span], means: Means, losses: Counter[Step]) -> list[Span]:
    """Without what cannot stand inside code, or inside a link."""
    codes = [span for span in spans if span.kind is Kind.CODE]
    links = [span for span in spans if span.kind is Kind.LINK]
    if not codes and not links:
        return spans
    if Kind.LINK not in means.in_code:
        whole = set(codes)
        codes = list(without(codes, Apart(links)))
        losses[Step.STYLE_DROPPED] += len(whole - set(codes))
    in_code, in_link = Apart(codes), Apart(links)
    out: list[Span] = []
    for span in spans:
        if span.kind in (Kind.CODE, Kind.LINK):
            continue
        if span.kind in STYLES and span.kind not in means.in_code:
            left = list(without([span], in_code))
            losses[Step.STYLE_DROPPED] += left != [span]
            out.extend(left)
        elif span.kind in ATOMS and (_meets(span, in_code, means.in_code) or _meets(span, in_link, means.in_link)):
            losses[_AS_TEXT.get(span.kind, Step.MENTION_AS_TEXT)] += 1
        else:
            out.append(span)
    return [*out, *codes, *links]


def _meets(span: Span, holders: Apart, held: frozenset[Kind]) -> bool:
    """It lies in one of them, which cannot hold it; a date in a link must be all of it."""
    for holder in holders.over(span):
        alone = (span.start, span.end) == (holder.start, holder.end)
        if span.kind not in held or (holder.kind is Kind.LINK and not alone):
            return True
    return False


def _written_out(text: str, spans: list[Span], means: Means, losses: Counter[Step]) -> tuple[str, list[Span]]:
    """Links that cannot be live stand as "words (address)", or as they are where the words show the address."""
    if not any(span.kind is Kind.LINK for span in spans):
        return text, spans
    pres = Apart(span for span in spans if span.kind is Kind.PRE)
    dead = {
        span
        for span in spans
        if span.kind is Kind.LINK and (not _leads(span.value, means) or _meets(span, pres, means.in_pre))
    }
    spans = [span for span in spans if span not in dead]
    for link in sorted(dead, key=lambda span: -span.end):
        bare = _SCHEME.sub("", link.value).rstrip("/")
        if bare in text[link.start : link.end]:
            continue
        losses[Step.LINK_WRITTEN_OUT] += 1
        added = f" ({_SPACE.sub('%20', link.value)})"
        text = text[: link.end] + added + text[link.end :]
        spans = [_stretched(span, link.end, len(added)) for span in spans]
    return text, spans


def _leads(address: str, means: Means) -> bool:
    return len(address) <= means.address_limit and any(kind.fullmatch(address) for kind in means.addresses)


def _stretched(span: Span, at: int, by: int) -> Span:
    """The span after `by` characters were put in at `at`: a block that ends there takes them in."""
    if span.start >= at:
        return replace(span, start=span.start + by, end=span.end + by)
    if span.end > at or (span.end == at and span.kind in BLOCKS):
        return replace(span, end=span.end + by)
    return span
