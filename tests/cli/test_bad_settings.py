"""What cannot work ends with one line a fault on standard error and exit code 2; no traceback, no secret."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import app
from bot.config import Config, ConfigProblem, read
from bot.workers.drafts import DraftWorker
from storage.keys import KeyFile
from tests.support.console import Console
from tests.support.theatre import eventually

TOKEN = "12345:AAsecretsecretsecretsecret"
SLACK = {"SLACK_BOT_TOKEN": "xoxb-secret-1", "SLACK_APP_TOKEN": "xapp-secret-2"}
TELEGRAM = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:1"}


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, ["SLACK_BOT_TOKEN: not set", "TELEGRAM_BOT_TOKEN: not set"]),
        ({"SLACK_APP_TOKEN": "xapp-secret-2"}, ["SLACK_BOT_TOKEN: needed"]),
        ({"SLACK_BOT_TOKEN": "xoxp-secret"}, ["xoxb-", "signing secret"]),
        ({"SLACK_BOT_TOKEN": "xoxb-secret"}, ["app token (Socket Mode) or the signing secret"]),
        ({**SLACK, "SLACK_APP_TOKEN": "xoxb-secret"}, ["xapp-"]),
        ({"SLACK_WORKSPACES": "a,b", "SLACK_A_BOT_TOKEN": "xoxb-s", "SLACK_A_APP_TOKEN": "xapp-s"}, ["SLACK_B_BOT"]),
        ({"SLACK_WORKSPACES": "a b"}, ["SLACK_WORKSPACES"]),
        ({"TELEGRAM_BOT_TOKEN": "secret"}, ["TELEGRAM_BOT_TOKEN: should look like"]),
        ({**TELEGRAM, "TELEGRAM_WEBHOOK_URL": "https://x.example/t"}, ["TELEGRAM_WEBHOOK_SECRET"]),
        ({"TELEGRAM_WEBHOOK_URL": "https://x.example/t"}, ["TELEGRAM_BOT_TOKEN: needed"]),
        ({**TELEGRAM, "TELEGRAM_API_URL": "nonsense"}, ["TELEGRAM_API_URL"]),
        ({**TELEGRAM, "CHAIRSIDE_HTTP": "8080"}, ["CHAIRSIDE_HTTP: should be HOST:PORT"]),
        ({**TELEGRAM, "CHAIRSIDE_TIMEZONE": "Narnia"}, ["CHAIRSIDE_TIMEZONE"]),
        ({**TELEGRAM, "CHAIRSIDE_LOG": "loud"}, ["CHAIRSIDE_LOG"]),
        ({**TELEGRAM, "CHAIRSIDE_PUBLIC_URL": "x.example"}, ["CHAIRSIDE_PUBLIC_URL"]),
        ({**TELEGRAM, "CHAIRSIDE_PUBLIC_URL": "http://x.example"}, ["CHAIRSIDE_PUBLIC_URL: should be an address such"]),
        ({**TELEGRAM, "CHAIRSIDE_PUBLIC_URL": "https://x.example/#a"}, ["CHAIRSIDE_PUBLIC_URL"]),
        ({**TELEGRAM, "CHAIRSIDE_UPLOAD_LIMIT": "2 GB"}, ["CHAIRSIDE_UPLOAD_LIMIT: should be megabytes"]),
        ({**TELEGRAM, "DATABASE_URL": "mysql://secret@db/x"}, ["DATABASE_URL must be"]),
        ({**TELEGRAM, "DATABASE_URL": "sqlite://x.db"}, ["three slashes"]),
        ({**TELEGRAM, "CHAIRSIDE_HTTP": "192.0.2.1:80"}, ["CHAIRSIDE_HTTP: this address"]),
        ({**TELEGRAM, "TELEGRAM_BOT_TOKEN_FILE": "elsewhere"}, ["keep one of the two"]),
        ({"TELEGRAM_BOT_TOKEN_FILE": "nowhere"}, ["TELEGRAM_BOT_TOKEN_FILE: the file cannot be read"]),
        (
            {"CHAIRSIDE_HTTP": "x", "CHAIRSIDE_TIMEZONE": "y", "CHAIRSIDE_LOG": "z"},
            ["CHAIRSIDE_HTTP", "CHAIRSIDE_TIMEZONE", "CHAIRSIDE_LOG"],
        ),
    ],
)
def test_each_fault_has_its_line(console: Console, env: dict[str, str], expected: list[str]) -> None:
    console.env |= env
    result = console.run("run")

    assert result.exit_code == 2, result.output
    said = [line for line in result.stderr.splitlines() if not line.startswith("20")]  # log lines begin with a date
    for words in expected:
        assert any(words in line for line in said), (words, result.stderr)
    assert len(said) >= len(expected)
    assert "Traceback" not in result.output
    assert "secret" not in result.stderr.replace("signing secret", "").replace("WEBHOOK_SECRET", "")


def test_faults_of_the_env_file_have_their_line(console: Console) -> None:
    (console.folder / ".env").write_text("CHAIRSIDE_TIMEZONE=Europe/London\nthis is not a setting\n")
    result = console.run("run")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [".env, line 2: should be NAME=value"]


def test_the_environment_wins_over_the_file_and_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        f"TELEGRAM_BOT_TOKEN={TOKEN}\nCHAIRSIDE_TIMEZONE=Europe/Paris\nCHAIRSIDE_DATA_DIR='a b/${{HOME}}'\n"
    )
    (tmp_path / "secret").write_text("xoxb-from-a-file\n")
    env = {
        "CHAIRSIDE_TIMEZONE": "Europe/London",
        "SLACK_BOT_TOKEN_FILE": str(tmp_path / "secret"),
        "SLACK_SIGNING_SECRET": "s",
    }
    config = read(env, tmp_path / ".env")
    assert config.timezone == "Europe/London"
    assert config.data_dir == Path("a b/${HOME}")  # exactly as it stands there
    assert config.slack[0].bot_token == "xoxb-from-a-file"
    assert config.telegram is not None
    assert config.telegram.token == TOKEN
    assert TOKEN not in repr(config)
    assert "xoxb" not in repr(config)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff\xfe\n")
    with pytest.raises(ConfigProblem, match="cannot be read"):
        read({}, tmp_path / ".env", platforms=False)


# --- the key file ------------------------------------------------------------------------------------------------


def sealed(console: Console) -> Path:
    """A database that was sealed; its key file."""
    (console.folder / "people.yaml").write_text("people:\n  - {id: ops, name: Sam Reid, role: coordinator}\n")
    console.ok("roster", "import", "people.yaml")
    return console.folder / "data" / "chairside.key"


@pytest.mark.parametrize("command", [("run",), ("roster", "lock", "ops")], ids=["run", "lock"])
def test_a_missing_wrong_or_open_key_file(console: Console, command: tuple[str, ...]) -> None:
    console.env |= TELEGRAM
    key = sealed(console)
    right = key.read_bytes()

    key.unlink()
    missing = console.run(*command)
    assert not key.exists()  # never made anew once something is sealed
    KeyFile.create(key)
    wrong = console.run(*command)
    key.write_bytes(right)
    key.chmod(0o644)
    open_ = console.run(*command)

    for result, words in ((missing, "is missing"), (wrong, "does not hold"), (open_, "chmod 600")):
        assert result.exit_code == 2
        assert words in result.stderr.splitlines()[-1]
        assert len([line for line in result.stderr.splitlines() if not line.startswith("20")]) == 1
        assert "Traceback" not in result.output


def test_a_database_newer_than_the_program(console: Console) -> None:
    console.env |= TELEGRAM
    sealed(console)
    asyncio.run(_future(console))
    for command in (("run",), ("cases",), ("roster", "lock", "ops")):
        result = console.run(*command)
        assert result.exit_code == 2
        assert "newer than this program" in result.stderr
    assert console.run("db", "status").exit_code == 1
    assert console.run("db", "upgrade").exit_code == 1


async def _future(console: Console) -> None:
    config = read({**console.env}, None)
    core = await app.open_core(config)
    row = "INSERT INTO schema_version(number, name, sha256, applied_at) VALUES (9999, 'later', 'x', 0)"
    await core.engine.write(lambda tx: tx.execute(row))
    await core.close()


# --- two at once, and a worker that dies -----------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"], indirect=True)
async def test_two_services_on_one_database_are_refused(console: Console, bare_url: str, tmp_path: Path) -> None:
    console.env |= {**TELEGRAM, "DATABASE_URL": bare_url, "CHAIRSIDE_KEY_FILE": str(tmp_path / "key")}
    first = await console.start("run")
    await eventually((console.folder / "data" / "control.sock").exists, 30.0)
    second = await console.start("run", env={"CHAIRSIDE_DATA_DIR": str(tmp_path / "other")})
    assert await second.ended() == 2
    assert "another" in second.output.splitlines()[-1].lower()
    assert "Traceback" not in second.output
    assert await first.stop() == 0, first.output


async def test_two_services_in_one_folder_are_refused(console: Console, tmp_path: Path) -> None:
    console.env |= TELEGRAM
    first = await console.start("run")
    await eventually((console.folder / "data" / "control.sock").exists, 30.0)
    other = {"DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    second = await console.start("run", env=other)
    assert await second.ended() == 2
    assert "CHAIRSIDE_DATA_DIR: another chairside run uses this folder" in second.output
    assert await first.stop() == 0, first.output


def test_a_dead_worker_ends_the_service_with_1(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dies(worker: DraftWorker) -> None:
        raise RuntimeError("canary words")

    monkeypatch.setattr(DraftWorker, "run", dies)
    console.env |= TELEGRAM
    result = console.run("run")
    assert result.exit_code == 1
    assert "app.worker_died" in result.stderr
    assert "canary words" not in result.stderr


def test_config_is_whole() -> None:
    config: Config = read({"TELEGRAM_BOT_TOKEN": TOKEN}, None)
    assert config.database_url == "sqlite:///data/chairside.db"
    assert (config.http_host, config.http_port) == ("127.0.0.1", 8080)
    assert config.slack == ()
