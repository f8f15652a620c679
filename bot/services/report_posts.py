"""Charts of a report on demand: asked for by a coordinator, drawn aside, posted in their own chat; or words alone."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.events import FileKind
from bot.domain.ids import SERVICE, LaneId
from bot.domain.outbound import FileToSend, Post
from bot.domain.problems import clip
from bot.domain.richtext import plain
from bot.domain.rules import SECOND
from bot.ports.blobs import StoredBlob
from bot.services import notices, outbox, report_charts, reporting
from bot.services.drawings import TAKEN, TRIES, WORDS, Drawing
from bot.services.unit import Unit
from prompts.wording import say
from storage import accounts, drawings

Row = dict[str, Any]


def ask(unit: Unit, account: Row) -> None:
    """The charts, into the private chat of this coordinator's account."""
    drawings.ask(unit.tx, unit.new_id(), unit.now, account_id=account["id"])
    unit.audit(SERVICE, f"person:{account['person_id']}", "report.asked", account=account["id"])
    unit.wake("drawings")


def take(unit: Unit) -> Drawing | None:
    """The next to be drawn, of an account that is still a coordinator's."""
    row = drawings.take(unit.tx, unit.now, unit.now + TAKEN, charts=True)
    if row is None:
        return None
    if _standing(unit, row) is None:
        drawings.settle(unit.tx, row["id"], "failed")
        return take(unit)
    panels = report_charts.panels(reporting.figures(unit.tx, unit.now))
    plan = json.dumps(list(panels.values())).encode()
    return Drawing(int(row["id"]), SERVICE, plan, int(row["attempts"]), job="charts")


def drawn(unit: Unit, drawing: Drawing, picture: StoredBlob) -> bool:
    """It is in the store: post it. False if nobody needs it any more."""
    found = _asked(unit, drawing)
    if found is None:
        return False
    said = clip("\n".join(_words(unit)), WORDS)
    file = FileToSend(picture.name, "report.png", FileKind.PHOTO, "image/png", picture.size, SERVICE, alt=said)
    post = Post(body=plain(said), notice=say("notice.service"), file=file, silent=True)
    delivery = outbox.enqueue(unit, found, post)
    drawings.settle(unit.tx, drawing.id, "drawn", blob=picture.name, delivery_id=delivery)
    return True


def failed(unit: Unit, drawing: Drawing) -> None:
    """Once more in a moment, or at last the words alone."""
    found = _asked(unit, drawing)
    if found is None:
        return
    if drawing.attempts < TRIES:
        drawings.again(unit.tx, drawing.id, unit.now + SECOND)
        return
    drawings.settle(unit.tx, drawing.id, "failed")
    body = plain("\n".join([say("picture.gone"), *_words(unit)]))
    outbox.post_text(unit, found, body, notice=say("notice.service"), silent=True)


def _asked(unit: Unit, drawing: Drawing) -> LaneId | None:
    row = drawings.get(unit.tx, drawing.id)
    return None if row is None or row["state"] != "asked" else _standing(unit, row)


def _standing(unit: Unit, row: Row) -> LaneId | None:
    """The lane to whoever asked; None once they are no coordinator of ours, or on hold."""
    account = accounts.get(unit.tx, row["account_id"])
    if account is None or account["state"] != "active" or account["locked"] or account["role"] != "coordinator":
        return None
    return notices.lane_of_account(unit, account["platform"], account["workspace"], account["user_ref"])


def _words(unit: Unit) -> list[str]:
    return report_charts.words(reporting.figures(unit.tx, unit.now))
