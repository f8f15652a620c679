"""Settings: the environment and `.env`, read once at the top of the house and checked whole before anything starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from dotenv.parser import parse_stream

from bot.drafting.model import ModelConfig
from bot.platforms.slack.config import API_URL as SLACK_API_URL
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.telegram.config import API_URL as TELEGRAM_API_URL
from bot.platforms.telegram.config import TelegramConfig

ENV_FILE = Path(".env")
SECRETS = frozenset(
    {"TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "OPENAI_API_KEY", "DATABASE_URL"}
    | {f"SLACK_{part}" for part in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET")}
)
_SLACK_SECRET = re.compile(r"SLACK_(?:[A-Z0-9]+_)?(?:BOT_TOKEN|APP_TOKEN|SIGNING_SECRET)")
_WORKSPACE = re.compile(r"[A-Za-z0-9]{1,32}")
_LEVELS = frozenset({"debug", "info", "warning", "error"})
MOST_UPLOAD = 10_000
"""Megabytes, more than any scanner makes."""


class ConfigProblem(Exception):
    """Settings that cannot work: `lines` holds one a setting, each saying what would be right, never a value."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting, checked. `docs/settings.md` lists them."""

    database_url: str = field(repr=False)
    data_dir: Path
    key_file: Path
    http_host: str
    http_port: int
    public_url: str
    upload_limit: int
    timezone: str
    log_format: str
    log_level: str
    slack: tuple[SlackWorkspace, ...]
    telegram: TelegramConfig | None
    model: ModelConfig | None
    model_daily: int
    draft_byline: bool


def read(environ: Mapping[str, str], env_file: Path | None = ENV_FILE, *, platforms: bool = True) -> Config:
    """The settings, the environment winning over the file. Raises ConfigProblem with a line for each fault.

    Without `platforms` those of Slack and Telegram are left out, right or wrong: for commands that reach neither.
    """
    faults: list[str] = []
    values = gather(environ, env_file, faults)
    data_dir = Path(values.get("CHAIRSIDE_DATA_DIR") or "data")
    host, port = _http(values.get("CHAIRSIDE_HTTP") or "127.0.0.1:8080", faults)
    form, level = _log(values.get("CHAIRSIDE_LOG") or "console", faults)
    timezone = values.get("CHAIRSIDE_TIMEZONE") or "Europe/London"
    if timezone not in available_timezones():
        faults.append("CHAIRSIDE_TIMEZONE: should be a zone such as Europe/London")
    public = (values.get("CHAIRSIDE_PUBLIC_URL") or "").rstrip("/")
    if public and not _reachable_safely(public):
        faults.append("CHAIRSIDE_PUBLIC_URL: should be an address such as https://chairside.example.org")
    upload = _megabytes(values.get("CHAIRSIDE_UPLOAD_LIMIT") or "1000", faults)
    model, daily, byline = _drafting(values, faults)
    slack = _slack(values, faults) if platforms else ()
    telegram = _telegram(values, faults) if platforms else None
    if platforms and not slack and telegram is None and not faults:
        faults.append("SLACK_BOT_TOKEN: not set, so Slack is off")
        faults.append(
            "TELEGRAM_BOT_TOKEN: not set, so Telegram is off; set at least one of the two (chairside init helps)"
        )
    if faults:
        raise ConfigProblem(faults)
    return Config(
        database_url=values.get("DATABASE_URL") or f"sqlite:///{data_dir / 'chairside.db'}",
        data_dir=data_dir,
        key_file=Path(values.get("CHAIRSIDE_KEY_FILE") or data_dir / "chairside.key"),
        http_host=host,
        http_port=port,
        public_url=public,
        upload_limit=upload,
        timezone=timezone,
        log_format=form,
        log_level=level,
        slack=slack,
        telegram=telegram,
        model=model,
        model_daily=daily,
        draft_byline=byline,
    )


def gather(environ: Mapping[str, str], env_file: Path | None, faults: list[str]) -> dict[str, str]:
    """File and environment as one, every `NAME_FILE` of a secret replaced by what the file holds; faults are added."""
    values = _from_file(env_file, faults) if env_file is not None else {}
    values.update({name: text for name, text in environ.items() if text})
    for name in [name for name in values if name.endswith("_FILE")]:
        secret = name.removesuffix("_FILE")
        if secret not in SECRETS and not _SLACK_SECRET.fullmatch(secret):
            continue
        if secret in values:
            faults.append(f"{name}: {secret} is set too; keep one of the two")
            continue
        try:
            values[secret] = Path(values[name]).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            faults.append(f"{name}: the file cannot be read")
    return values


def _from_file(env_file: Path, faults: list[str]) -> dict[str, str]:
    """What an `.env` file sets, each value exactly as it stands there; none if there is no file."""
    values: dict[str, str] = {}
    try:
        with env_file.open(encoding="utf-8") as stream:
            for binding in parse_stream(stream):
                if binding.error:
                    faults.append(f"{env_file}, line {binding.original.line}: should be NAME=value")
                elif binding.key is not None and binding.value:
                    values[binding.key] = binding.value
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        faults.append(f"{env_file}: the file cannot be read")
    return values


def _reachable_safely(address: str) -> bool:
    """HTTPS, since links to files are credentials; plain HTTP only on this very machine."""
    try:
        parts = urlsplit(address)
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and here)
    return safe and bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)


def _megabytes(text: str, faults: list[str]) -> int:
    """Bytes, of a setting in MB of a million bytes each."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_UPLOAD:
        faults.append(f"CHAIRSIDE_UPLOAD_LIMIT: should be megabytes, a whole number from 1 to {MOST_UPLOAD}")
        return 1
    return int(text) * 1_000_000


def _http(text: str, faults: list[str]) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        faults.append("CHAIRSIDE_HTTP: should be HOST:PORT, such as 127.0.0.1:8080")
        return "127.0.0.1", 8080
    return host.strip("[]"), int(port)


def _log(text: str, faults: list[str]) -> tuple[str, str]:
    form, _, level = text.replace(":", ",").partition(",")
    form, level = form.strip().lower(), level.strip().lower() or "info"
    if form in _LEVELS and level == "info":
        form, level = "console", form
    if form not in ("console", "json") or level not in _LEVELS:
        faults.append("CHAIRSIDE_LOG: should be console or json, with a level if you like: json,debug")
        return "console", "info"
    return form, level


def _drafting(values: Mapping[str, str], faults: list[str]) -> tuple[ModelConfig | None, int, bool]:
    """The model, how often a day it may be asked, and whether answers say that they began as a draft."""
    name, url, key = (values.get(f"OPENAI_{part}") or "" for part in ("MODEL", "BASE_URL", "API_KEY"))
    if url and not _web_address(url):
        faults.append("OPENAI_BASE_URL: should be an address such as http://127.0.0.1:8000/v1")
    if url and not name:
        faults.append("OPENAI_MODEL: needed with OPENAI_BASE_URL")
    daily = values.get("CHAIRSIDE_MODEL_DAILY") or "200"
    if not daily.isdecimal() or len(daily) > 6:
        faults.append("CHAIRSIDE_MODEL_DAILY: should be how often a day the model may be asked, such as 200")
        daily = "0"
    byline = (values.get("CHAIRSIDE_DRAFT_BYLINE") or "on").lower()
    if byline not in ("on", "off"):
        faults.append("CHAIRSIDE_DRAFT_BYLINE: should be on or off")
    model = ModelConfig(name, url, key) if name and (url or key) else None
    return model, int(daily), byline != "off"


def _web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _slack(values: Mapping[str, str], faults: list[str]) -> tuple[SlackWorkspace, ...]:
    names = [name.strip() for name in (values.get("SLACK_WORKSPACES") or "").split(",") if name.strip()]
    for name in names:
        if not _WORKSPACE.fullmatch(name):
            faults.append("SLACK_WORKSPACES: names are letters and digits, separated by commas")
            return ()
    made = []
    for name in names or [""]:
        prefix = f"SLACK_{name.upper()}_" if name else "SLACK_"
        token = values.get(f"{prefix}BOT_TOKEN")
        if not token:
            if name or values.get(f"{prefix}APP_TOKEN") or values.get(f"{prefix}SIGNING_SECRET"):
                faults.append(f"{prefix}BOT_TOKEN: needed for this workspace, it starts with xoxb-")
            continue
        workspace = SlackWorkspace(
            key=name or "default",
            bot_token=token,
            app_token=values.get(f"{prefix}APP_TOKEN"),
            signing_secret=values.get(f"{prefix}SIGNING_SECRET"),
            api_url=values.get("SLACK_API_URL") or SLACK_API_URL,
        )
        faults.extend(f"{prefix}*: {fault}" for fault in workspace.faults())
        made.append(workspace)
    return tuple(made)


def _telegram(values: Mapping[str, str], faults: list[str]) -> TelegramConfig | None:
    token = values.get("TELEGRAM_BOT_TOKEN")
    if not token:
        if values.get("TELEGRAM_WEBHOOK_URL"):
            faults.append("TELEGRAM_BOT_TOKEN: needed with TELEGRAM_WEBHOOK_URL")
        return None
    config = TelegramConfig(
        token=token,
        api_url=values.get("TELEGRAM_API_URL") or TELEGRAM_API_URL,
        webhook_url=values.get("TELEGRAM_WEBHOOK_URL") or "",
        webhook_secret=values.get("TELEGRAM_WEBHOOK_SECRET") or "",
    )
    faults.extend(config.problems())
    return config
