"""Drill: words that must be nowhere, said everywhere; then database, logs at DEBUG, blobs and other files are read."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.sandbox.faults import Kind
from bot.sandbox.slack.truth import What
from bot.sandbox.telegram import MAIN
from bot.sandbox.telegram.truth import Act
from tests.support.databases import PostgresDatabases
from tests.support.killing import RULES, KillLoop, Verdict
from tests.support.papers import page
from tests.support.postgres import Server
from tests.support.theatre import eventually


class Canaries:
    """Words that exist nowhere else, one for each place where something is said; all hold the same mark."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(10)
        self.made: dict[str, str] = {}

    def __call__(self, where: str) -> str:
        return self.made.setdefault(where, f"zq{len(self.made):02}{self.mark}")

    def shapes(self) -> Iterator[bytes]:
        """How they could stand in a file: as they are, in two bytes a letter, in hex, in any phase of base64."""
        mark = self.mark.encode()
        yield mark
        yield self.mark.upper().encode()
        yield self.mark.encode("utf-16-le")
        yield mark.hex().encode()
        for phase in range(3):
            yield base64.b64encode(b"x" * phase + mark)[4:-4]


class Talk(KillLoop):
    """One conversation on the real process, its log at DEBUG, its temporary files in a folder of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder / "data", 1)
        self.folder.mkdir()
        self.log = folder / "lives.log"
        self.say = Canaries()
        self.found: dict[str, list[str]] = {}
        self.read = 0

    async def _life(self, crash: str) -> None:
        assert self.zygote is not None
        assert self.zygote.stdin is not None
        workspace = self.slack.workspace("T0001")
        env = {
            "DATABASE_URL": self.url,
            "CHAIRSIDE_DATA_DIR": str(self.folder),
            "CHAIRSIDE_HTTP": "127.0.0.1:0",
            "CHAIRSIDE_LOG": "json,debug",
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": self.slack.base_url,
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
        }
        order = {
            "env": env,
            "rules": {**RULES, "find_grace": 300_000, "lease": 1_000_000},
            "crash": crash,
            "log": str(self.log),
        }
        self.zygote.stdin.write(json.dumps(order).encode() + b"\n")
        await self.zygote.stdin.drain()
        self.pid = await asyncio.wait_for(self.began.get(), 30)

    async def _run(self, kills: int) -> Verdict:
        self.slack.settings.event_retries = (0.0, *([0.1] * 1000))
        async with self.slack, self.telegram:
            await self._people()
            await self._begin()
            await self._life(crash="")
            await self._rooms_open()
            await self._talk_about_everything()
            await self._kill()  # whatever was in the air stays where it fell: the log of the database above all
            self._sweep("after a kill")
            await self._life(crash="")
            await self._through("after all that")
            os.kill(self.pid, signal.SIGTERM)
            await asyncio.wait_for(self.ended.get(), 30)
            self._sweep("after a stop")
        self.pid = 0
        return self.verdict

    async def _talk_about_everything(self) -> None:
        say, asha, johal = self.say, self.telegram.user(700001), self.slack.workspace("T0001").user("U0002")
        topic, channel = asha.topics[0], self._channel(0)
        first = await asha.says(f"{say('text')} UL4 does not seat, Mrs {say('name in a text')}", topic=topic)
        await self._shown(self.slack_texts, say("text"))
        answer = await johal.says(f"Hold it. {say('text from Slack')}", channel=channel)
        await self._shown(self.telegram_texts, say("text from Slack"))
        await asha.edits(first, f"{say('edited text')} UL5 does not seat")
        await johal.edits(answer, f"Hold it longer. {say('edited text from Slack')}")
        await asha.says(f"{say('text too long')} " + "and so on " * 350, topic=topic)
        await asha.says(f"/ask {say('argument of a command')}", topic=topic)
        await asha.says(f"note: {say('note')}", topic=topic)
        await asha.says(f"for no case in particular {say('held text')}", topic=MAIN)
        await asha.sends_document(page(say("inside a file")), f"{say('file name')}.pdf", say("caption"), topic)
        await johal.uploads(page(say("inside a Slack file")), f"{say('Slack file name')}.pdf", channel, say("comment"))
        await johal.command("/case", f"link {say('argument of a Slack command')}", channel)
        await johal.says(f"{say('direct message')}")
        await self._shown(self.slack_texts, say("caption"))
        await self._shown(self.telegram_texts, say("comment"))
        await self._intake(say)
        await self._strangers(say)
        await self._in_trouble(say)

    async def _intake(self, say: Canaries) -> None:
        asha = self.telegram.user(700001)
        await asha.says("/new", topic=MAIN)
        await asha.sees("What shall we call this patient?", MAIN)
        await asha.says(say("pseudonym"), topic=MAIN)
        await asha.sees("What does the patient want?", MAIN)
        await asha.says(f"no gaps, please {say('complaint')}", topic=MAIN)
        await asha.sees("Is there a date", MAIN)

    async def _strangers(self, say: Canaries) -> None:
        stranger = self.telegram.add_user(799999, say("name of a stranger"), say("user name of a stranger"))
        await stranger.start(say("code of an invitation"))
        await stranger.says(f"let me in {say('text of a stranger')}")
        queue = self.telegram.bot().queue
        odd = {"chat": {"id": 700001}, "message_id": "no number", "text": say("odd update")}
        queue.push_raw({"message": odd})
        queue.push_raw({"something_new": {"text": say("unknown update")}})

    async def _in_trouble(self, say: Canaries) -> None:
        """Every way in which a request fails is logged by somebody."""
        johal, asha = self.slack.workspace("T0001").user("U0002"), self.telegram.user(700001)
        kinds = (Kind.DROP_AFTER, Kind.RATE_LIMIT, Kind.ERROR_BEFORE, Kind.HTML)
        for number, kind in enumerate(kinds):
            self.telegram.faults.add(kind, method="sendMessage")
            self.slack.faults.add(kind, method="chat.postMessage")
            await asha.says(f"{say(f'text in trouble {number}')}", topic=asha.topics[0])
            await johal.says(f"{say(f'text from Slack in trouble {number}')}", channel=self._channel(0))
        self.telegram.faults.add(Kind.HTML, method="getUpdates", times=2, status=502)
        await self._shown(self.slack_texts, say(f"text in trouble {len(kinds) - 1}"))
        await self._shown(self.telegram_texts, say(f"text from Slack in trouble {len(kinds) - 1}"))
        await asha.says(say("the last before the kill"), topic=asha.topics[0])

    async def _through(self, words: str) -> None:
        asha = self.telegram.user(700001)
        await asha.says(f"{words} {self.say(words)}", topic=asha.topics[0])
        await self._shown(self.slack_texts, self.say(words))

    def slack_texts(self) -> list[str]:
        return [one.text for one in self.slack.truth.of(user="U0002", what=What.MESSAGE, from_bot=True)]

    def telegram_texts(self) -> list[str]:
        return [one.text for one in self.telegram.truth.of(700001, kinds=(Act.MESSAGE,), by_bot=True)]

    async def _shown(self, texts: object, words: str) -> None:
        """They did pass through: a canary nobody carried proves nothing."""
        assert callable(texts)
        await eventually(lambda: any(words in text for text in texts()), 30)

    # --- the sweep ------------------------------------------------------------------------------------------------

    def files(self) -> list[Path]:
        """Whatever the service has written, or had written for it."""
        return [path for path in self.folder.parent.rglob("*") if path.is_file() and not path.is_symlink()]

    def _sweep(self, when: str) -> None:
        workspace = self.slack.workspace("T0001")
        tokens = {
            "Slack bot token": workspace.bot_token,
            "Slack app token": workspace.app_token,
            "Slack signing secret": workspace.signing_secret,
            "Telegram token": self.telegram.token,
            "Telegram token's secret": self.telegram.token.partition(":")[2],
        }
        wanted = [*(("a canary", shape) for shape in self.say.shapes())]
        wanted += [(name, token.encode()) for name, token in tokens.items()]
        for path in self.files():
            held = path.read_bytes()
            self.read += len(held)
            for what, shape in wanted:
                if shape in held or shape in path.name.encode():
                    words = [where for where, word in self.say.made.items() if word.encode() in held]
                    self.found.setdefault(f"{what}, {when}", []).append(f"{path.name} {words}")


class TalkOverPostgres(Talk):
    """The same, and the server's own files: this database's, the write-ahead log, what the server says."""

    server: Server

    def files(self) -> list[Path]:
        with closing(psycopg.connect(self.url, autocommit=True)) as connection:
            connection.execute("CHECKPOINT")
            row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert row is not None
        data = self.server.folder / "data"
        own = [*(data / "base" / str(row[0])).iterdir(), *(data / "pg_wal").iterdir(), self.server.folder / "log"]
        return [*super().files(), *(path for path in own if path.is_file())]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything the process may write to lies below; what it puts aside too."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return tmp_path


async def _sweep(talk: Talk) -> None:
    await talk.run(1)
    assert talk.log.read_text().count("\n") > 5  # there is a log to look through
    print(  # noqa: T201
        f"\n{len(talk.say.made)} canaries and 5 secrets in {talk.read / 1_000_000:.1f} MB:"
        f" {len(talk.found)} found {talk.found}"
    )
    assert talk.found == {}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
async def test_nothing_in_the_clear(folder: Path, database_url: str) -> None:
    await _sweep(Talk(database_url, folder))


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_nothing_in_the_clear_on_the_server(
    folder: Path, database_url: str, postgres_databases: PostgresDatabases
) -> None:
    talk = TalkOverPostgres(database_url, folder)
    talk.server = postgres_databases.server
    await _sweep(talk)


@pytest.mark.parametrize("shape", range(7))
def test_the_sweep_finds_what_lies_open(folder: Path, shape: int) -> None:
    talk = Talk("sqlite:///none.db", folder)
    talk.slack.add_workspace("T0001")
    talk.say("somewhere")
    (talk.folder / "left.bin").write_bytes(b"before " + list(talk.say.shapes())[shape] + b" after")
    talk._sweep("now")
    assert list(talk.found) == ["a canary, now"]


@pytest.mark.parametrize("coded", [base64.b64encode, base64.urlsafe_b64encode, bytes.hex])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_canary_is_found_in_any_phase(coded: Callable[[bytes], bytes | str], before: str) -> None:
    say = Canaries()
    held = coded(f"{before}{say('somewhere')} and on".encode())
    assert any(shape in (held.encode() if isinstance(held, str) else held) for shape in say.shapes())
