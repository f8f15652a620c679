"""A practice for measurements: one specialist on Slack, `cases` dentists on Telegram, every case open."""

from __future__ import annotations

import secrets
from pathlib import Path

from bot.app import open_core
from bot.config import Config, read
from bot.domain.ids import CaseId, PersonId
from bot.domain.rules import Rules
from bot.sandbox.slack import FakeSlack
from bot.sandbox.slack.limits import Limits as SlackLimits
from bot.sandbox.telegram import FakeTelegram
from bot.sandbox.telegram.limits import Limits as TelegramLimits
from bot.services import roster_file, rosters
from bot.services.rooms import take_seat
from bot.services.unit import Unit
from storage import accounts, people
from storage import cases as case_rows

SPECIALIST = "U0002"
FIRST = 700001


def fakes(cases: int) -> tuple[FakeSlack, FakeTelegram]:
    """Slack and Telegram without limits, their people known; not started yet."""
    slack, telegram = FakeSlack(limits=SlackLimits.off()), FakeTelegram(limits=TelegramLimits.off())
    slack.add_workspace("T0001").add_user(SPECIALIST, "Amar")
    for number in range(cases):
        telegram.add_user(FIRST + number, "Asha")
    return slack, telegram


def settings(slack: FakeSlack, telegram: FakeTelegram, folder: Path) -> dict[str, str]:
    """The environment of a clinic that uses them."""
    workspace = slack.workspace("T0001")
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'chairside.db'}",
        "CHAIRSIDE_DATA_DIR": str(folder),
        "CHAIRSIDE_HTTP": "127.0.0.1:0",
        "CHAIRSIDE_LOG": "json,warning",
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_APP_TOKEN": workspace.app_token,
        "SLACK_API_URL": slack.base_url,
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.url,
    }


async def furnish(env: dict[str, str], cases: int) -> None:
    """Write the people and their open cases; the rooms are made when the service starts."""
    config: Config = read(env, env_file=None)
    core = await open_core(config, rules=Rules())
    try:
        await core.units.do(lambda unit: _people(unit, cases))
        await core.units.do(lambda unit: _cases(unit, cases))
    finally:
        await core.close()


def _people(unit: Unit, cases: int) -> None:
    dentists = "\n".join(
        f"  - {{id: patel{n}, name: Dr Asha Patel, role: dentist, practice: Riverside Dental, telegram: {FIRST + n}}}"
        for n in range(cases)
    )
    roster = roster_file.read_roster(
        "practices:\n  - {name: Riverside Dental, timezone: Europe/London}\npeople:\n"
        f"{dentists}\n  - {{id: johal, name: Dr Amar Johal, role: specialist, slack: T0001/{SPECIALIST}, "
        f"capacity: {max(cases, 25)}, hours: 24/7}}\n"
    )
    if isinstance(roster, tuple):
        raise ValueError(roster)  # noqa: TRY004 - the faults are the value
    rosters.apply(unit, roster)


def _cases(unit: Unit, cases: int) -> None:
    ids = {row["handle"]: PersonId(row["id"]) for row in people.everyone(unit.tx)}
    practice = next(row["practice_id"] for row in people.everyone(unit.tx) if row["practice_id"])
    for number in range(cases):
        dentist = ids[f"patel{number}"]
        case = CaseId(unit.new_id())
        account = accounts.reach(unit.tx, dentist)
        if account is None:
            raise LookupError("a dentist has no account")
        case_rows.add(
            unit.tx,
            id=case,
            ref=f"C-B{secrets.token_hex(4)}".upper(),
            practice_id=practice,
            dentist_id=dentist,
            account_id=account["id"],
            state="open",
            urgency="routine",
            event_on=None,
            now=unit.now,
        )
        case_rows.set_specialist(unit.tx, case, ids["johal"])
        take_seat(unit, case, "dentist", dentist)
        take_seat(unit, case, "specialist", ids["johal"])
