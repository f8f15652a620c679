"""What must be true at the end of every scenario, whatever it was about: read from the database and the truth lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.slack import FakeSlack
from bot.sandbox.telegram import FakeTelegram
from bot.services import relay
from bot.services.unit import Unit
from storage import audit

Row = dict[str, Any]
Eyes = tuple[str, str, str]
"""Platform, workspace, user."""
SAYING = 14
"""Characters from which a line is somebody's own and no common word."""


@dataclass(slots=True)
class Record:
    """What the database says: per case the lines that were said in it and who ever had a seat there."""

    lines: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    parties: dict[int, set[Eyes]] = field(default_factory=lambda: defaultdict(set))
    shared: list[Row] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)


def read(unit: Unit) -> Record:
    """Look at everything, before the service stops."""
    record = Record()
    for message in unit.tx.all("SELECT * FROM message"):
        text = relay.body_of(unit, message).text
        if message["kind"] != "draft":  # the library's own words are no secret of a case
            record.lines[message["case_id"]] |= {line for line in text.splitlines() if len(line) >= SAYING}
    seats = (
        """SELECT s.case_id, s.platform, s.workspace, a.user_ref FROM seat s JOIN account a ON a.id = s.account_id"""
    )
    for seat in unit.tx.all(seats):
        record.parties[seat["case_id"]].add((seat["platform"], seat["workspace"], seat["user_ref"]))
    record.shared = unit.tx.all(
        """SELECT d.native_id, c.ref, a.user_ref FROM delivery d JOIN lane l ON l.id = d.lane_id
           JOIN seat s ON s.id = l.seat_id JOIN case_file c ON c.id = s.case_id JOIN account a ON a.id = s.account_id
           WHERE s.shared = 1 AND s.platform = 'telegram' AND d.kind = 'post' AND d.native_id <> ''"""
    )
    cases = [0, *(row["id"] for row in unit.tx.all("SELECT id FROM case_file"))]
    record.broken = [case for case in cases if audit.verify(unit.tx, case) is not None]
    return record


def check(record: Record, slack: FakeSlack, telegram: FakeTelegram, folder: Path) -> None:
    """No duplicate, no stranger, no unnamed line, no broken chain, and no word of a case in the clear on disk."""
    assert record.broken == [], "audit chains that do not hold together"
    assert slack.truth.duplicates("id") == {}, "posted twice in Slack"
    common = {line for case, lines in record.lines.items() for line in lines if _elsewhere(record, case, line)}
    for case, lines in record.lines.items():
        for eyes, text in _shown(slack, telegram):
            if eyes not in record.parties[case]:
                seen = [line for line in lines - common if line in text]
                assert not seen, f"{eyes} has no seat in the case and saw {seen}"
    chats = telegram.bot().chats
    for row in record.shared:
        message = chats[int(row["user_ref"])].messages.get(int(row["native_id"]))
        if message is not None and message.text:
            assert row["ref"] in message.text, f"a line of {row['ref']} does not name its case: {message.text!r}"
    said = [line.encode() for lines in record.lines.values() for line in lines]
    for path in folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert not [line for line in said if line in held], f"words of a case in the clear in {path.name}"


def _elsewhere(record: Record, case: int, line: str) -> bool:
    return any(line in lines for other, lines in record.lines.items() if other != case)


def _shown(slack: FakeSlack, telegram: FakeTelegram) -> Iterator[tuple[Eyes, str]]:
    """Everything the bot ever showed to anybody."""
    for sight in slack.truth.seen:
        if sight.from_bot:
            yield ("slack", sight.team, sight.user), f"{sight.text}\n{sight.notice}"
    for act in telegram.truth.events:
        if act.by_bot:
            yield ("telegram", "", str(act.chat)), act.text
