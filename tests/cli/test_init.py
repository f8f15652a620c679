"""`chairside init` at a terminal: each token is checked at once, what works is kept, and it goes on from there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.cli.env_file import EnvFile
from bot.cli.init import misfit
from bot.config import ConfigProblem, gather, read
from bot.platforms.slack.manifest import SCOPES, manifest
from tests.support.console import Console, Terminal
from tests.support.house import House, house

ADDRESSES = "# ours\nCHAIRSIDE_TIMEZONE=Europe/Dublin\nSLACK_API_URL={slack}\nTELEGRAM_API_URL={telegram}\n"


def env_file(folder: Path, at: House) -> Path:
    """What stands in `.env` before: a comment and settings that must stay."""
    path = folder / ".env"
    path.write_text(ADDRESSES.format(slack=at.slack.base_url, telegram=at.telegram.url))
    path.chmod(0o644)
    return path


async def begin(console: Console) -> Terminal:
    return await Terminal.begin(console.folder, ("init",), console.env)


async def test_from_nothing_to_an_installation_that_works(console: Console) -> None:
    async with house() as at:
        path = env_file(console.folder, at)
        workspace = at.slack.workspace("T0001")
        terminal = await begin(console)
        await terminal.sees("Set up Slack?")
        terminal.types("y")
        await terminal.sees("at an address of its own over HTTPS?")
        terminal.types("n")
        await terminal.sees("paste this:")
        await terminal.sees("SLACK_BOT_TOKEN")
        terminal.types(workspace.app_token)  # the wrong kind
        await terminal.sees("That is a Slack app-level token (xapp-)")
        await terminal.sees("SLACK_BOT_TOKEN")
        terminal.types("xoxb-mistyped")
        await terminal.sees("Slack does not know this bot token.")
        await terminal.sees("SLACK_BOT_TOKEN")
        terminal.types(workspace.bot_token)
        await terminal.sees("the bot token works in Aligner Desk")
        await terminal.sees("SLACK_APP_TOKEN")
        terminal.types(workspace.bot_token)
        await terminal.sees("That is a Slack bot token (xoxb-)")
        await terminal.sees("SLACK_APP_TOKEN")
        terminal.types(workspace.app_token)
        await terminal.sees("Socket Mode, the app token works")
        await terminal.sees("Set up Telegram?")
        terminal.types("")
        await terminal.sees("@BotFather: /newbot")
        await terminal.sees("TELEGRAM_BOT_TOKEN")
        terminal.types("12345:AAmistyped")
        await terminal.sees("Telegram does not know this token.")
        await terminal.sees("TELEGRAM_BOT_TOKEN")
        terminal.types(at.telegram.token)
        await terminal.sees("the bot is @chairside_sandbox_bot")
        await terminal.sees("The key file is")
        await terminal.sees("chairside run")
        assert await terminal.ended() == 0, terminal.shown

        for secret in (workspace.bot_token, workspace.app_token, at.telegram.token, "xoxb-mistyped"):
            assert secret not in terminal.shown  # nothing is shown as one pastes
        shown = terminal.shown[terminal.shown.index("{") :]
        pasted, _ = json.JSONDecoder().raw_decode(shown)
        assert pasted == manifest()
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text().startswith("# ours\nCHAIRSIDE_TIMEZONE=Europe/Dublin\n")
        assert (console.folder / "data" / "chairside.key").stat().st_mode & 0o777 == 0o600
        config = read({}, path)
        assert config.slack[0].app_token == workspace.app_token
        assert config.telegram is not None
        result = await console.aside("doctor")
        assert result.exit_code == 0, result.output


async def test_stopped_in_the_middle_it_goes_on_from_there(console: Console) -> None:
    async with house() as at:
        path = env_file(console.folder, at)
        workspace = at.slack.workspace("T0001")
        first = await begin(console)
        await first.sees("Set up Slack?")
        first.types("")
        await first.sees("over HTTPS?")
        first.types("")
        await first.sees("SLACK_BOT_TOKEN")
        first.types(workspace.bot_token)
        await first.sees("SLACK_APP_TOKEN")
        first.interrupts()
        assert await first.ended() == 2
        assert "What works is kept" in first.shown
        assert "Traceback" not in first.shown
        assert f"SLACK_BOT_TOKEN={workspace.bot_token}\n" in path.read_text()

        second = await begin(console)
        await second.sees("SLACK_BOT_TOKEN: works, kept.")
        await second.sees("SLACK_APP_TOKEN")
        second.types(workspace.app_token)
        await second.sees("Set up Telegram?")
        second.types("n")
        await second.sees("That is all.")
        assert await second.ended() == 0
        assert "Set up Slack?" not in second.shown


async def test_a_missing_scope_is_mended_and_looked_at_again(console: Console) -> None:
    async with house(set(SCOPES) - {"pins:write"}) as at:
        env_file(console.folder, at)
        workspace = at.slack.workspace("T0001")
        console.env |= {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_APP_TOKEN": workspace.app_token}
        terminal = await begin(console)
        await terminal.sees("missing pins:write.")
        await terminal.sees("Enter to check again")
        workspace.data.scopes.add("pins:write")
        terminal.types("")
        await terminal.sees("all that are needed and none more")
        await terminal.sees("Set up Telegram?")
        terminal.types("n")
        assert await terminal.ended() == 0, terminal.shown
        assert workspace.bot_token not in (console.folder / ".env").read_text()  # it comes from the environment


async def test_nothing_set_up_is_said_and_ends_with_2(console: Console) -> None:
    terminal = await begin(console)
    await terminal.sees("Set up Slack?")
    terminal.types("n")
    await terminal.sees("Set up Telegram?")
    terminal.types("n")
    assert await terminal.ended() == 2
    assert "Neither Slack nor Telegram is set up yet" in terminal.shown
    assert not (console.folder / "data").exists()


def test_the_manifest_alone_needs_no_terminal(console: Console) -> None:
    shown = yaml.safe_load(console.ok("init", "--manifest", "--public-url", "https://desk.example.org"))
    assert shown == manifest("https://desk.example.org")
    assert not list(console.folder.iterdir())
    result = console.run("init", "--public-url", "https://desk.example.org")
    assert result.exit_code == 2
    assert "goes with --manifest" in result.stderr


def test_it_needs_a_terminal(console: Console) -> None:
    result = console.run("init")
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr


@pytest.mark.parametrize(
    ("token", "kind", "words"),
    [
        ("xoxb-1", "bot", ""),
        ("xapp-1", "app", ""),
        ("123:AA", "telegram", ""),
        ("0f1e2d", "secret", ""),
        ("xapp-1", "bot", "app-level token"),
        ("xoxp-1", "bot", "token of a person"),
        ("123:AA", "bot", "looks like a Telegram token"),
        ("xoxb-1", "telegram", "Slack bot token"),
        ("xoxb-1", "secret", "Slack bot token"),
        ("nonsense", "bot", "starts with xoxb-"),
        ("nonsense", "app", "starts with xapp-"),
        ("nonsense", "telegram", "looks like 123456789"),
        ("a%b", "secret", "letters and digits"),
        ("xoxb-1 xoxb-2", "bot", "blanks"),
    ],
)
def test_a_token_of_the_wrong_kind_is_named(token: str, kind: str, words: str) -> None:
    assert words in misfit(token, kind)
    assert bool(misfit(token, kind)) is bool(words)


def test_the_file_keeps_every_other_line(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# first\nA=1\nexport B = 2\n\nA=3\n# last")
    EnvFile(path).set("A", "x y'z")
    EnvFile(path).set("B", "2")
    EnvFile(path).set("C", "sqlite:///a/b.db")
    assert path.read_text() == "# first\nA='x y\\'z'\nB=2\n\n# last\nC=sqlite:///a/b.db\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [".env"]
    assert gather({}, path, []) == {"A": "x y'z", "B": "2", "C": "sqlite:///a/b.db"}


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(ConfigProblem, match="cannot be read or written"):
        EnvFile(tmp_path / ".env").set("A", "1")
