"""The line above a message as it stands on the other side."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from prompts.wording import say

Row = dict[str, Any]


def of(message: Row, author: Row, target: Row, *, late: bool = False) -> str:
    """Who says a message, in what role, under which number; and when, if it comes late."""
    heading = say(
        "relay.heading",
        name=author["person_name"],
        role=say(f"notice.role.{message['side']}"),
        no=message["no"],
    )
    if late:
        zone = ZoneInfo(target["person_timezone"])
        at = datetime.fromtimestamp(int(message["said_at"]) / 1_000_000, zone)
        heading += " · " + say("relay.sent_at", time=f"{at:%H:%M}")
    return heading
