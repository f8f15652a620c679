"""Somebody on hold writes: one line tells them so, past everything that is held back from them."""

from __future__ import annotations

from bot.domain.addresses import Account
from bot.domain.ids import LaneId
from bot.domain.richtext import plain
from bot.domain.rules import DAY
from bot.services import outbox
from bot.services.unit import Unit
from prompts.wording import say
from storage import lanes, settings

QUIET = DAY
"""Between two such lines to one account."""


def tell(unit: Unit, sender: Account) -> bool:
    """Say in this very account's private chat that access is on hold; False if that was said within the day."""
    key = unit.hash("on_hold", sender.platform, sender.workspace, sender.user)
    if not settings.answer_stranger(unit.tx, key, unit.now, QUIET):
        return False
    lane = lanes.for_account(unit.tx, unit.new_id(), sender.platform, sender.workspace, sender.user, lanes.ON_HOLD)
    outbox.post_text(unit, LaneId(lane), plain(say("link.locked")), notice=say("notice.service"))
    return True
