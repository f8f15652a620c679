"""The part of a message that a reply picks out: a line below the reply's own words, since no other app marks it."""

from __future__ import annotations

from bot.domain.events import MessageReceived
from bot.domain.ids import CaseId
from bot.domain.problems import clip
from bot.domain.richtext import RichText, italic, lines
from bot.services import replies
from bot.services.unit import Unit
from prompts.wording import say

MOST = 300
"""Characters of it that are shown."""


def may_go(unit: Unit, case_id: CaseId, event: MessageReceived) -> bool:
    """Whether what a reply quotes goes along: only standing words of the same case do."""
    if not event.quoted or event.reply_to is None:
        return False
    found = replies.shown(unit, event.origin.place, event.reply_to)
    return found is not None and found[0]["case_id"] == case_id and found[0]["state"] != "withdrawn"


def below(body: RichText, quoted: str) -> RichText:
    """The words of a reply with the part it is about below them."""
    return lines(*([body] if body.text else []), _line(quoted))


def kept(before: RichText, body: RichText, quoted: str) -> RichText:
    """New words of a reply, above the part it is about if that stood below the former ones."""
    return below(body, quoted) if quoted and before.text.endswith(_line(quoted).text) else body


def _line(quoted: str) -> RichText:
    return italic(say("relay.part_quoted", words=clip(quoted, MOST)))
