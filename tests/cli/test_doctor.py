"""`chairside doctor`: what is wrong is named, with the mend; nothing is changed by looking."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.cli import asking, doctor
from bot.drafting import minilm
from bot.platforms.slack.manifest import SCOPES
from bot.sandbox.slack import TokenState
from bot.sandbox.telegram import FakeTelegram
from storage.keys import KeyFile
from tests.support.console import Console
from tests.support.house import house
from tests.support.theatre import Theatre

Usage = namedtuple("Usage", "total used free")


async def hooked(telegram: FakeTelegram, url: str) -> None:
    """Somebody sets a webhook."""
    address = f"{telegram.base_url}{telegram.token}/setWebhook"
    async with aiohttp.ClientSession() as session, session.post(address, json={"url": url}) as answer:
        assert answer.status == 200


async def examine(console: Console, env: dict[str, str]) -> tuple[int, dict[str, tuple[str, str, str]]]:
    """The exit code, and (level, text, mend) by check; of several lines on one check the worst."""
    console.env = {"CHAIRSIDE_HTTP": "127.0.0.1:0", **env}
    result = await console.aside("doctor", "--json")
    worst = {"ok": 0, "warn": 1, "fail": 2}
    found: dict[str, tuple[str, str, str]] = {}
    for row in json.loads(result.stdout):
        before = found.get(row["check"])
        if before is None or worst[row["level"]] > worst[before[0]]:
            found[row["check"]] = (row["level"], row["text"], row["mend"])
    for secret in (env.get("SLACK_BOT_TOKEN"), env.get("SLACK_APP_TOKEN"), env.get("TELEGRAM_BOT_TOKEN")):
        assert not secret or secret not in result.output
    return result.exit_code, found


def test_weights_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise FileNotFoundError

    monkeypatch.setattr(minilm, "load", broken)
    found = doctor._model()
    assert (found.level, "cannot be used (FileNotFoundError)" in found.text) == ("warn", True)
    assert "--force-reinstall" in found.mend


async def test_all_is_well(console: Console, roster: Path) -> None:
    async with house() as at:
        console.env |= at.env
        assert (await console.aside("roster", "import", str(roster))).exit_code == 0
        code, found = await examine(console, at.env)
        assert code == 0
        assert {check: level for check, (level, _, _) in found.items() if level != "ok"} in (
            {"people": "warn"},  # nobody has pressed Start yet
            {"people": "warn", "sqlite": "warn"},  # and where SQLite is older
        )
        assert found["slack"][1] == "default: the bot token works in Aligner Desk."
        assert found["telegram"][1] == "the token works; the bot is @chairside_sandbox_bot."
        assert "patel (has not pressed Start yet)" in found["people"][1]
        plain = (await console.aside("doctor")).stdout
        assert "ok   Slack scopes: default: all that are needed and none more." in plain.splitlines()


async def test_before_anything_is_set_up(console: Console) -> None:
    code, found = await examine(console, {})
    assert code == 1
    assert found["settings"][0] == "fail"
    assert found["database"][:2] == ("warn", "is not there yet.")
    assert found["keys"][0] == "warn"
    assert "slack" not in found
    assert not (console.folder / "data").exists()


async def test_tokens_the_platforms_do_not_know(console: Console) -> None:
    async with house() as at:
        wrong = {"SLACK_BOT_TOKEN": "xoxb-other", "TELEGRAM_BOT_TOKEN": "999:AAother"}
        code, found = await examine(console, at.env | wrong)
        assert code == 1
        assert found["slack"] == (
            "fail",
            "default: Slack does not know this bot token.",
            "Copy the Bot User OAuth Token again: api.slack.com/apps, your app, OAuth & Permissions.",
        )
        assert found["telegram"][:2] == ("fail", "Telegram does not know this token.")
        assert "@BotFather" in found["telegram"][2]
        _, found = await examine(console, at.env | {"SLACK_APP_TOKEN": "xapp-other"})
        assert found["slack"][0] == "ok"
        assert found["socket"][:2] == ("fail", "default: Slack does not know this app token.")

        at.slack.workspace("T0001").set_state(TokenState.REVOKED)
        at.telegram.bot().revoked = True
        _, found = await examine(console, at.env)
        assert "was revoked" in found["slack"][1]
        assert found["telegram"][0] == "fail"


async def test_platforms_that_do_not_answer(console: Console) -> None:
    async with house() as at:
        await at.slack.down()
        await at.telegram.down()
        code, found = await examine(console, at.env)
        assert code == 1
        assert "no usable answer from Slack" in found["slack"][1]
        assert "no usable answer from Telegram" in found["telegram"][1]
        assert found["clock"][0] == "warn"


async def test_scopes_missing_surplus_and_refused(console: Console) -> None:
    granted = {*SCOPES, "team:read", "chat:write.customize"} - {"pins:write", "im:history"}
    async with house(granted) as at:
        console.env |= at.env
        result = await console.aside("doctor")
        assert result.exit_code == 1
        lines = result.stdout.splitlines()
        assert any(line.startswith("fail Slack scopes: default: missing im:history and pins:write.") for line in lines)
        assert any("fail Slack scopes: default: the bot must not have chat:write.customize." in line for line in lines)
        assert any("warn Slack scopes: default: more than are needed: team:read." in line for line in lines)


async def test_topics_and_how_updates_come(console: Console) -> None:
    async with house() as at:
        at.telegram.bot().has_topics_enabled = False
        await hooked(at.telegram, "https://elsewhere.example/hook")
        code, found = await examine(console, at.env)
        assert code == 0
        assert found["topics"][0] == "warn"
        assert "Threaded Mode" in found["topics"][2]
        assert found["webhook"][:2] == ("warn", "are fetched by polling, but a webhook is set at elsewhere.example.")
        hook = {"TELEGRAM_WEBHOOK_URL": "https://ours.example/t", "TELEGRAM_WEBHOOK_SECRET": "s"}
        _, found = await examine(console, at.env | hook)
        assert found["webhook"][1] == "the webhook is not the one in TELEGRAM_WEBHOOK_URL."
        await hooked(at.telegram, "https://ours.example/t")
        _, found = await examine(console, at.env | hook)
        assert found["webhook"][:2] == ("ok", "come to the webhook; 0 waiting.")


async def test_what_a_running_service_knows(console: Console, tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        config = play.config()
        env = {"CHAIRSIDE_DATA_DIR": str(tmp_path), "DATABASE_URL": play.url}
        env |= {"TELEGRAM_BOT_TOKEN": play.telegram.token, "TELEGRAM_API_URL": play.telegram.url}
        await play.patel.blocks()

        async def of(check: str) -> tuple[str, str, str]:
            return (await examine(console, env))[1][check]

        assert (await of("service"))[1] == "runs on this data folder."
        assert (await of("outbox"))[0] == "ok"
        await play.do(lambda unit: unit.tx.execute("UPDATE account SET reachable = 0 WHERE platform = 'telegram'"))
        await play.do(
            lambda unit: unit.tx.execute(
                """INSERT INTO inbox(id, platform, workspace, queue, body_sealed, state, ready_at, received_at)
                   VALUES (5, 'telegram', '', 'q', NULL, 'dead', 0, 0)"""
            )
        )
        assert "patel (has blocked the bot)" in (await of("people"))[1]
        assert (await of("outbox"))[:2] == ("warn", "0 dead deliveries, 1 parked update.")
        assert config.key_file.exists()


async def test_the_key_file_and_the_database(console: Console, roster: Path) -> None:
    assert (await console.aside("roster", "import", str(roster))).exit_code == 0
    key = console.folder / "data" / "chairside.key"
    right = key.read_bytes()
    key.unlink()
    assert (await examine(console, {}))[1]["keys"][0] == "fail"
    KeyFile.create(key)
    level, text, mend = (await examine(console, {}))[1]["keys"]
    assert (level, "does not hold" in text, "nobody can read" in mend) == ("fail", True, True)
    key.write_bytes(right)
    key.chmod(0o640)
    assert "chmod 600" in (await examine(console, {}))[1]["keys"][1]
    key.chmod(0o600)
    assert (await examine(console, {}))[1]["keys"][0] == "ok"
    assert (await examine(console, {"DATABASE_URL": "sqlite:///people.yaml"}))[1]["database"][0] == "fail"


async def test_an_env_file_others_can_read(console: Console) -> None:
    path = console.folder / ".env"
    path.write_text("CHAIRSIDE_TIMEZONE=Europe/London\n")
    path.chmod(0o644)
    assert (await examine(console, {}))[1]["env_file"][::2] == ("warn", "chmod 600 .env")
    path.chmod(0o600)
    assert (await examine(console, {}))[1]["env_file"][0] == "ok"


@pytest.mark.parametrize(("free", "level"), [(50, "fail"), (500, "warn"), (5000, "ok")])
async def test_disk(console: Console, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, free * doctor.MB))
    assert (await examine(console, {}))[1]["disk"][:2] == (level, f"{free} MB free.")


@pytest.mark.parametrize(("ahead", "level"), [(0, "ok"), (-30, "warn"), (3600, "fail")])
async def test_clock(console: Console, ahead: int, level: str) -> None:
    """A server whose Date says that our clock is `ahead` seconds ahead of it."""

    async def tell(request: web.Request) -> web.Response:
        when = datetime.now(UTC) - timedelta(seconds=ahead)
        return web.Response(status=404, headers={"Date": format_datetime(when, usegmt=True)})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", tell)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        lead = await asking.clock_lead(f"http://127.0.0.1:{port}/")
        assert lead is not None
        assert abs(lead - ahead) < 2.5
        env = {"TELEGRAM_BOT_TOKEN": "1:AA", "TELEGRAM_API_URL": f"http://127.0.0.1:{port}"}
        assert (await examine(console, env))[1]["clock"][0] == level
    finally:
        await runner.cleanup()
