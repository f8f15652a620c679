"""The whole service on a stage: real app and libraries against the fakes, people who talk, a clock, restarts.

async with Theatre(tmp_path) as play:
    await play.patel.says("/new")
    await play.johal.sees("asks for a specialist")
    await play.restart()
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.app import App
from bot.config import Config, read
from bot.core import Core, open_core
from bot.domain.ids import CaseId, OfferId, PersonId
from bot.domain.rules import DAY, MINUTE, Rules
from bot.platforms.slack.http import PATH as SLACK_PATH
from bot.platforms.slack.manifest import manifest
from bot.sandbox.clock import MovableClock
from bot.sandbox.slack import FakeSlack, FakeWorkspace
from bot.sandbox.slack import Person as SlackPerson
from bot.sandbox.slack.limits import Limits as SlackLimits
from bot.sandbox.telegram import FakeTelegram
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram.limits import Limits as TelegramLimits
from bot.services import assignment, openings, roster_file, rosters
from bot.services.unit import Unit
from storage import accounts, offers, people
from tests.support import curtain
from tests.support.cast import ACCOUNTS, INTAKE, JOHAL, PATEL, PRACTICE, ROSTER, RULES, SAM, SHAH, USERS
from tests.support.sides import Side, SlackSide, TelegramSide
from tests.support.waiting import eventually, free_port

__all__ = ["INTAKE", "JOHAL", "PATEL", "PRACTICE", "ROSTER", "RULES", "SAM", "SHAH", "Theatre", "eventually"]

T = TypeVar("T")
Row = dict[str, Any]


class Theatre:
    """Slack workspaces, one Telegram bot, a roster, the running app. Who has a Telegram account there pressed Start."""

    def __init__(
        self,
        folder: Path,
        *,
        roster: str = ROSTER,
        url: str = "",
        rules: Rules = RULES,
        env: dict[str, str] | None = None,
        teams: tuple[str, ...] = ("T0001",),
        slack_http: bool = False,
        telegram_webhook: bool = False,
        topics: bool = True,
        limits: bool = False,
        begins: datetime | None = None,
    ) -> None:
        self.folder = folder
        self.clock = MovableClock(begins)
        self.slack = FakeSlack(now=self.clock.seconds, limits=None if limits else SlackLimits.off())
        self.telegram = FakeTelegram(now=self.clock.seconds, limits=None if limits else TelegramLimits.off())
        self.telegram.bot().has_topics_enabled = topics
        self.roster = roster
        self.rules = rules
        self.url = url or f"sqlite:///{folder / 'chairside.db'}"
        self.app: App | None = None
        self._core: Core | None = None
        self._env = env or {}
        self._teams = teams
        self._slack_http = slack_http
        self._telegram_webhook = telegram_webhook
        self._port = free_port() if slack_http or telegram_webhook else 0

    async def __aenter__(self) -> Self:
        await self.slack.start()
        await self.telegram.start()
        for team in self._teams:
            workspace = self.slack.add_workspace(team, manifest=manifest(self._public if self._slack_http else ""))
            for user, name in USERS:
                workspace.add_user(user, name)
        for number, first in ACCOUNTS:
            person = self.telegram.add_user(number, first)
            if f"telegram: {number}" in self.roster:
                await person.start()
        await self.up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        record = await self.core.units.look(curtain.read) if kind is None and self.app is not None else None
        await self.down()
        await self.slack.close()
        await self.telegram.close()
        if kind is None:
            assert self.slack.violations == []
            assert self.telegram.violations == []
        if record is not None:
            curtain.check(record, self.slack, self.telegram, self.folder)

    # --- the service ----------------------------------------------------------------------------------------------

    @property
    def _public(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def config(self) -> Config:
        """Settings alone, as a clinic would give them."""
        env = {
            "DATABASE_URL": self.url,
            "CHAIRSIDE_DATA_DIR": str(self.folder),
            "CHAIRSIDE_HTTP": f"127.0.0.1:{self._port}",
            "SLACK_WORKSPACES": ",".join(self._teams),
            "SLACK_API_URL": self.slack.base_url,
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
        }
        for team in self._teams:
            workspace = self.slack.workspace(team)
            env[f"SLACK_{team}_BOT_TOKEN"] = workspace.bot_token
            env[f"SLACK_{team}_SIGNING_SECRET"] = workspace.signing_secret
            if not self._slack_http:
                env[f"SLACK_{team}_APP_TOKEN"] = workspace.app_token
        if self._telegram_webhook:
            env["TELEGRAM_WEBHOOK_URL"] = f"{self._public}/telegram"
            env["TELEGRAM_WEBHOOK_SECRET"] = "a-secret-of-our-own"
        return read({**env, **self._env}, env_file=None)

    async def up(self) -> None:
        """Start the service on what the database holds, and bring the roster up to date."""
        config = self.config()
        self._core = await open_core(config, self.clock, self.rules)
        self.app = App(config, self._core, self.clock)
        await self.new_roster(self.roster)
        await self.app.start()
        if self._slack_http:
            for team in self._teams:
                assert await self.slack.workspace(team).use_http(f"{self._public}{SLACK_PATH}", verify=True)
        else:
            # Slack repeats what nobody took only after a minute: people speak once somebody listens.
            await eventually(lambda: all(self.slack.workspace(team).sockets for team in self._teams))

    async def down(self) -> None:
        """Stop the service cleanly."""
        app, self.app = self.app, None
        if app is not None:
            await app.stop()

    async def restart(self) -> None:
        """Stop and start again, nothing kept but the database and the data folder."""
        await self.down()
        await self.up()

    @property
    def core(self) -> Core:
        """The running service's durable middle."""
        assert self._core is not None
        return self._core

    async def do(self, work: Callable[[Unit], T]) -> T:
        """One unit of work in the running service, as the command line would ask for."""
        return await self.core.units.do(work)

    async def rows(self, sql: str, **values: object) -> list[Row]:
        """Look straight into the database."""
        return await self.core.units.look(lambda unit: unit.tx.all(sql, dict(values)))  # type: ignore[arg-type]

    async def new_roster(self, text: str) -> None:
        """Import a roster, as `chairside roster import` does."""
        roster = roster_file.read_roster(text)
        assert not isinstance(roster, tuple), roster
        applied = await self.do(lambda unit: rosters.apply(unit, roster))
        assert not isinstance(applied, tuple), applied
        self.roster = text

    async def later(self, *, days: float = 0, minutes: float = 0) -> None:
        """Let time pass for everybody; what falls due does so now. What is being sent is settled first."""
        with suppress(TimeoutError):  # nobody's request takes minutes: a jump must not run out a lease
            await eventually(self._at_rest, 2.0)
        self.clock.offset += round(days * DAY + minutes * MINUTE)
        if self.app is not None:
            await self.app.scheduler.tick()
            for worker in ("outbox", "files", "rooms"):
                self.core.engine.notify(worker)

    async def _at_rest(self) -> bool:
        return not await self.rows("SELECT id FROM delivery WHERE state = 'sending'")

    # --- cases ----------------------------------------------------------------------------------------------------

    async def open_case(
        self, dentist: str = "patel", specialist: str = "johal", *, taken: bool = True, **answers: object
    ) -> str:
        """A case as the intake would make it, offered and taken unless told otherwise; its reference."""

        def ask(unit: Unit) -> str:
            person = people.by_handle(unit.tx, dentist)
            assert person is not None
            account = accounts.reach(unit.tx, person["id"])
            assert account is not None
            given = {**INTAKE, **answers}
            case_id = openings.open_case(unit, {**person, **account, "person_id": person["id"]}, given)  # type: ignore[arg-type]
            if taken:
                self._take(unit, case_id, specialist)
            row = unit.tx.one("SELECT ref FROM case_file WHERE id = :id", {"id": case_id})
            assert row is not None
            return str(row["ref"])

        return await self.do(ask)

    def _take(self, unit: Unit, case_id: CaseId, specialist: str) -> None:
        wanted = people.by_handle(unit.tx, specialist)
        assert wanted is not None
        while (offer := offers.open_of_case(unit.tx, case_id)) is not None:
            asked = PersonId(offer["specialist_id"])
            if asked == wanted["id"]:
                assert assignment.accept(unit, OfferId(offer["id"]), asked)
                return
            assert assignment.decline(unit, OfferId(offer["id"]), asked)
        raise AssertionError(f"{specialist} was not asked")

    async def room(self, handle: str, ref: str) -> Side:
        """One person's room of a case, once it stands with its card."""

        async def seat() -> Row | None:
            found = await self.rows(
                """SELECT s.platform, s.workspace, a.user_ref, s.chat, s.topic FROM seat s
                   JOIN person p ON p.id = s.person_id JOIN account a ON a.id = s.account_id
                   JOIN case_file c ON c.id = s.case_id
                   WHERE p.handle = :handle AND c.ref = :ref AND s.state = 'open'""",
                handle=handle,
                ref=ref,
            )
            return found[0] if found else None

        place = await eventually(seat)
        side: Side
        if place["platform"] == "slack":
            person = self.slack.workspace(place["workspace"]).user(place["user_ref"])
            side = SlackSide(person, ref, place["chat"])
        else:
            side = TelegramSide(self.telegram.user(int(place["user_ref"])), ref, place["topic"])
        await side.opens()
        return side

    async def rooms(self, ref: str, dentist: str = "patel", specialist: str = "johal") -> tuple[Side, Side]:
        """Both rooms of a case, dentist's first."""
        return await self.room(dentist, ref), await self.room(specialist, ref)

    # --- the people -----------------------------------------------------------------------------------------------

    @property
    def workspace(self) -> FakeWorkspace:
        """The first Slack workspace."""
        return self.slack.workspace(self._teams[0])

    @property
    def patel(self) -> TelegramPerson:
        """The dentist, in Telegram."""
        return self.telegram.user(700001)

    @property
    def johal(self) -> SlackPerson:
        """The specialist, in Slack."""
        return self.workspace.user("U0002")

    @property
    def shah(self) -> SlackPerson:
        """A second specialist, in Slack."""
        return self.workspace.user("U0004")

    @property
    def sam(self) -> SlackPerson:
        """The coordinator, in Slack."""
        return self.workspace.user("U0003")
