"""`chairside init`: from nothing to an installation that works, asking for one thing at a time."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping

import click

from bot.cli import asking, findings, output
from bot.cli.desk import Desk, settings
from bot.cli.doctor import COLOURS
from bot.cli.env_file import EnvFile
from bot.cli.findings import Finding, Level
from bot.config import ENV_FILE, Config, ConfigProblem, gather
from bot.platforms.slack.config import API_URL as SLACK_API_URL
from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.manifest import as_yaml, manifest
from bot.platforms.telegram.config import API_URL as TELEGRAM_API_URL
from bot.platforms.telegram.config import TelegramConfig
from bot.ports.clock import SystemClock
from prompts.wording import say
from storage.keys import KeyFile

Check = Callable[[str], Iterable[Finding]]
UNFIT = 2
TOKENS = frozenset({"slack", "socket", "telegram"})
"""Checks that fail for the token itself."""
_TELEGRAM = re.compile(r"\d{1,16}:[\w-]{1,128}")
_SECRET = re.compile(r"[\w-]+")
_KINDS = (("xoxb-", "bot"), ("xapp-", "app"), ("xoxp-", "user"))


@click.command(help=say("cli.help.init"))
@click.option("--manifest", "show", is_flag=True, help=say("cli.option.manifest"))
@click.option("--public-url", default="", metavar="URL", help=say("cli.option.public_url"))
def command(show: bool, public_url: str) -> None:
    """Exit code 0 when at least one platform works, else 2. `--manifest` only prints what is to be pasted."""
    if show:
        click.echo(as_yaml(public_url), nl=False)
        return
    if public_url:
        raise click.UsageError(say("init.url_alone"))
    if not sys.stdin.isatty():
        click.echo(say("init.no_terminal"), err=True)
        raise click.exceptions.Exit(UNFIT)
    config = settings()
    try:
        works = Setup(config).run()
    except click.Abort:
        click.echo("\n" + say("init.stopped"), err=True)
        raise click.exceptions.Exit(UNFIT) from None
    if not works:
        click.echo(say("init.nothing"), err=True)
        raise click.exceptions.Exit(UNFIT)


class Setup:
    """One run through the questions."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._file = EnvFile(ENV_FILE)
        self._values = _settings_now()
        self._own = set(_file_alone())

    def run(self) -> bool:
        """Ask for everything; whether a platform works at the end."""
        click.echo(say("init.welcome", path=str(ENV_FILE)))
        slack = [self._slack(prefix) for prefix in self._prefixes()]
        telegram = self._telegram()
        if not any(slack) and not telegram:
            return False
        self._key_file()
        click.echo(f"\n{say('init.done.title')}\n{say('init.done.steps')}")
        return True

    # --- Slack ----------------------------------------------------------------------------------------------------

    def _prefixes(self) -> list[str]:
        names = [name.strip() for name in self._values.get("SLACK_WORKSPACES", "").split(",") if name.strip()]
        return [f"SLACK_{name.upper()}_" for name in names] or ["SLACK_"]

    def _slack(self, prefix: str) -> bool:
        """Ask for one workspace; whether it works."""
        bot = f"{prefix}BOT_TOKEN"
        if prefix != "SLACK_":
            click.echo(say("init.slack.workspace", name=prefix.removeprefix("SLACK_").rstrip("_").lower()))
        if not self._values.get(bot):
            if not click.confirm(say("init.slack.want"), default=True):
                return False
            self._show_manifest()
        workspace = SlackWorkspace("slack", "", None, "unasked", self._values.get("SLACK_API_URL") or SLACK_API_URL)
        if not self._settle(bot, "bot", lambda token: self._health(workspace, token, "")):
            return False
        if self._values.get(f"{prefix}SIGNING_SECRET"):
            click.echo(say("init.kept", name=f"{prefix}SIGNING_SECRET"))
            return True
        if self._values.get("CHAIRSIDE_PUBLIC_URL") and not self._values.get(f"{prefix}APP_TOKEN"):
            click.echo(say("init.slack.secret"))
            return self._settle(f"{prefix}SIGNING_SECRET", "secret", lambda secret: ())
        if not self._values.get(f"{prefix}APP_TOKEN"):
            click.echo(say("init.slack.app_token"))
        token = self._values[bot]
        return self._settle(
            f"{prefix}APP_TOKEN",
            "app",
            lambda app: [one for one in self._health(workspace, token, app) if one.check == "socket"],
        )

    def _show_manifest(self) -> None:
        url = self._values.get("CHAIRSIDE_PUBLIC_URL", "")
        if not url and click.confirm(say("init.slack.public"), default=False):
            url = click.prompt(say("init.slack.address"), type=str).strip().rstrip("/")
            self._keep("CHAIRSIDE_PUBLIC_URL", url)
        click.echo(f"\n{say('init.slack.manifest')}\n")
        click.echo(json.dumps(manifest(url), indent=2, ensure_ascii=False))
        click.echo(f"\n{say('init.slack.install')}")

    @staticmethod
    def _health(workspace: SlackWorkspace, token: str, app: str) -> list[Finding]:
        asked = SlackWorkspace(workspace.key, token, app or None, workspace.signing_secret, workspace.api_url)
        found = list(findings.slack(asyncio.run(asking.slack(asked))))
        return found if app else [one for one in found if one.check != "socket"]

    # --- Telegram -------------------------------------------------------------------------------------------------

    def _telegram(self) -> bool:
        """Ask for the bot; whether it works."""
        name = "TELEGRAM_BOT_TOKEN"
        if not self._values.get(name):
            if not click.confirm(say("init.telegram.want"), default=True):
                return False
            click.echo(say("init.telegram.steps"))
        address = self._values.get("TELEGRAM_API_URL") or TELEGRAM_API_URL

        def check(token: str) -> list[Finding]:
            config = TelegramConfig(token, address)
            found = findings.telegram(config, asyncio.run(asking.telegram(config)), SystemClock().now())
            return [one for one in found if one.check != "webhook"]

        return self._settle(name, "telegram", check)

    # --- the parts of a question ----------------------------------------------------------------------------------

    def _settle(self, name: str, kind: str, check: Check) -> bool:
        """Ask for a secret until it works or is left for later; what works is kept at once."""
        found: list[Finding] = []
        token = self._values.get(name, "")
        if problem := misfit(token, kind) if token else "":
            click.secho(problem, fg=COLOURS[Level.FAIL])
        if problem or not token:
            token = self._asked(name, kind)
        while token:
            found = list(check(token))
            self._show(found)
            if not any(one.level is Level.FAIL and one.check in TOKENS for one in found):
                break
            token = self._asked(name, kind)
        if not token:
            click.echo(say("init.later"))
            return False
        if token == self._values.get(name):
            click.echo(say("init.kept", name=name))
        else:
            self._keep(name, token)
        while any(one.level is not Level.OK for one in found):  # what is mended on the platform's own pages
            answer = click.prompt(say("init.again"), default="", show_default=False)
            if answer.strip().lower().startswith("s"):
                break
            found = list(check(token))
            self._show(found)
        return not any(one.level is Level.FAIL for one in found)

    @staticmethod
    def _asked(name: str, kind: str) -> str:
        """What is pasted, once it is of the right kind; "" to leave it for later."""
        while True:
            answer: str = click.prompt(say("init.ask", name=name), default="", show_default=False, hide_input=True)
            token = answer.strip()
            problem = misfit(token, kind) if token else ""
            if not problem:
                return token
            click.secho(problem, fg=COLOURS[Level.FAIL])

    @staticmethod
    def _show(found: Iterable[Finding]) -> None:
        for one in found:
            click.secho(output.clean(one.line()), fg=COLOURS[one.level])

    def _keep(self, name: str, value: str) -> None:
        """Into the file and what is known, unless the setting comes from somewhere else."""
        if self._values.get(name) and name not in self._own:
            click.echo(say("init.elsewhere", name=name))
        else:
            self._file.set(name, value)
            self._own.add(name)
        self._values[name] = value

    def _key_file(self) -> None:
        """Make the key file while nothing is sealed; later it is only proven. Raises KeyProblem."""
        path = self._config.key_file
        desk = Desk(self._config)
        facts = {} if desk.database_missing else desk.read("facts")
        proofs = {key: bytes.fromhex(proof) for key, proof in facts.get("keys", {}).items()}
        if proofs or path.exists():
            KeyFile.load(path).verify(proofs)
            click.echo(say("init.keys.kept", path=str(path)))
        else:
            KeyFile.create(path)
            click.echo(say("init.keys.made", path=str(path)))


def misfit(token: str, kind: str) -> str:
    """Why what was pasted cannot be what was asked for, "" if it may be."""
    if re.search(r"\s", token):
        return say("init.kind.blanks")
    found = next((name for start, name in _KINDS if token.startswith(start)), "")
    if not found and _TELEGRAM.fullmatch(token):
        found = "telegram"
    if found == kind:
        return ""
    if found:
        return say(f"init.kind.{found}")
    if kind == "secret" and _SECRET.fullmatch(token):
        return ""
    return say(f"init.kind.odd_{kind}")


def _settings_now() -> dict[str, str]:
    faults: list[str] = []
    values = gather(os.environ, ENV_FILE, faults)
    if faults:
        raise ConfigProblem(faults)
    return values


def _file_alone() -> Mapping[str, str]:
    """What `.env` itself sets and the environment does not override."""
    return {name: value for name, value in gather({}, ENV_FILE, []).items() if not os.environ.get(name)}
