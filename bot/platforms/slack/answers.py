"""A `Reply` as the direct answer to an interactive payload: in the acknowledgement where Slack allows it."""

from __future__ import annotations

import asyncio
from typing import Final, assert_never
from urllib.parse import urlsplit

import structlog

from bot.domain.errors import DeliveryError
from bot.domain.outbound import FormErrors, OpenForm, Page, Reply, Toast
from bot.platforms.slack.client import Workspace
from bot.platforms.slack.errors import FAILURES, outcome
from bot.platforms.slack.forms import modal, note
from bot.platforms.slack.ids import Json, mapping, objects, text
from bot.platforms.slack.render import ephemeral
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.updates import COMMAND, kind_of
from prompts.wording import say

RESPONSE_HOSTS: Final = frozenset({"hooks.slack.com"})

log = structlog.get_logger("slack")


class Answers:
    """Gives replies. What does not fit into the acknowledgement goes on in `tasks` after it."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    async def give(self, workspace: Workspace, payload: Json, reply: Reply | None, until: float) -> Json | None:
        """The acknowledgement's body for a reply, None for an empty one. `until` is loop time: by then it returns."""
        match reply:
            case None | Page():  # a page is published where it is opened, not as an answer
                return None
            case OpenForm():
                return await self._open(workspace, payload, modal(reply), until)
            case FormErrors():
                return self._errors(workspace, payload, reply)
            case Toast():
                return self._say(workspace, payload, reply.text)
        assert_never(reply)

    def unsaved(self, workspace: Workspace, payload: Json, words: str) -> Json | None:
        """Nothing was saved: say so where the person is; an open form stays open with all that was typed."""
        if kind_of(payload) == "view_submission" and (names := _fields(payload)):
            return {"response_action": "errors", "errors": {names[0]: words}}
        return self._say(workspace, payload, words)

    async def _open(self, workspace: Workspace, payload: Json, view: Json, until: float) -> Json | None:
        if kind_of(payload) == "view_submission":
            return {"response_action": "update", "view": view}
        method = "views.push" if text(payload, "view", "type") == "modal" else "views.open"
        return await self._show(workspace, payload, method, view, until)

    async def _show(self, workspace: Workspace, payload: Json, method: str, view: Json, until: float) -> Json | None:
        args = {"trigger_id": text(payload, "trigger_id"), "view": view}
        opening = self._tasks.start(workspace.call(method, args))
        left = until - asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({opening}, timeout=max(left, 0.05))
        if not done:
            # Acknowledge in time; whether the window still opens the person sees for themselves.
            self._tasks.start(self._late(workspace, payload, opening))
            return None
        failed = opening.exception()
        if failed is None:
            return None
        self._log(failed, workspace, method)
        return self._say(workspace, payload, say("slack.answer.late"), window=False)

    async def _late(self, workspace: Workspace, payload: Json, opening: asyncio.Task[Json]) -> None:
        try:
            await opening
        except DeliveryError as error:
            self._log(error, workspace, "views.open")
            if url := text(payload, "response_url"):
                await self._respond(workspace, url, say("slack.answer.late"))

    def _errors(self, workspace: Workspace, payload: Json, reply: FormErrors) -> Json | None:
        names = _fields(payload)
        if kind_of(payload) != "view_submission" or not names:
            return self._say(workspace, payload, "\n".join(reply.errors.values()))
        errors = {name: words for name, words in reply.errors.items() if name in names}
        other = [words for name, words in reply.errors.items() if name not in names]
        if other:
            # Slack refuses errors for fields it does not show; the first field carries them.
            errors[names[0]] = "\n".join([*([errors[names[0]]] if names[0] in errors else []), *other])
        return {"response_action": "errors", "errors": errors} if errors else None

    def _say(self, workspace: Workspace, payload: Json, words: str, *, window: bool = True) -> Json | None:
        if kind_of(payload) == COMMAND:
            return ephemeral(words)
        if kind_of(payload) == "view_submission":
            return {"response_action": "update", "view": note(words)}
        if url := text(payload, "response_url"):
            self._tasks.start(self._respond(workspace, url, words))
        elif window and (trigger := text(payload, "trigger_id")):
            method = "views.push" if text(payload, "view", "type") == "modal" else "views.open"
            self._tasks.start(self._window(workspace, method, {"trigger_id": trigger, "view": note(words)}))
        return None

    async def _window(self, workspace: Workspace, method: str, args: Json) -> None:
        try:
            await workspace.call(method, args)
        except DeliveryError as error:
            self._log(error, workspace, method)

    async def _respond(self, workspace: Workspace, url: str, words: str) -> None:
        if not _ours(url, workspace):
            log.warning("slack.response_url_refused", workspace=workspace.config.key)
            return
        try:
            async with workspace.session.post(
                url, json=ephemeral(words), proxy=workspace.web.proxy, allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    log.info("slack.response_failed", workspace=workspace.config.key, status=answer.status)
        except FAILURES as error:
            self._log(outcome(error), workspace, "response_url")

    def _log(self, error: BaseException, workspace: Workspace, method: str) -> None:
        code = error.detail if isinstance(error, DeliveryError) else type(error).__name__
        log.info("slack.answer_failed", workspace=workspace.config.key, method=method, code=code)


def _fields(payload: Json) -> list[str]:
    """The fields a submitted form shows, in order."""
    blocks = objects(mapping(payload, "view"), "blocks")
    return [text(one, "block_id") for one in blocks if text(one, "type") == "input"]


def _ours(url: str, workspace: Workspace) -> bool:
    """A `response_url` is Slack's, or the stand-in's where the Web API is one."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if workspace.config.at_slack:
        return parts.scheme == "https" and host in RESPONSE_HOSTS
    return host == workspace.config.host
