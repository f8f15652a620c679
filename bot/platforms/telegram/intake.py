"""Updates on their way into the durable inbox, in the order Telegram gave them; shared by poller and webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.domain.outbound import Reply, Toast
from bot.platforms.telegram.capabilities import TOAST_LIMIT
from bot.platforms.telegram.client import TelegramClient
from bot.platforms.telegram.envelope import Envelope, seal
from bot.platforms.telegram.errors import delivery_error
from bot.ports.inbound import Inbox, RawUpdate

_log = structlog.get_logger(__name__)


class Intake:
    """Commits updates; button presses are handled at once and always answered."""

    def __init__(self, client: TelegramClient, inbox: Inbox) -> None:
        self._client = client
        self._inbox = inbox
        self._answers: set[asyncio.Task[None]] = set()

    def sealed(self, update: object) -> Envelope:
        """The update's envelope; one that makes no sense is logged by its id and kept."""
        envelope = seal(self._client.identity.id, update)
        if not envelope.sound:
            _log.warning("telegram_update_malformed", update=envelope.id, size=len(envelope.raw.body))
        return envelope

    async def take(self, batch: Sequence[Envelope], cursor: tuple[str, str] | None = None) -> None:
        """Commit all of the batch, and the cursor with or after its last; raises what the inbox raises.

        When it raises, a part may be committed but the cursor is not: given again, the repeats collapse.
        """
        waiting: list[RawUpdate] = []
        presses: list[Envelope] = []
        for envelope in batch:
            if envelope.query:
                # What came before a press is committed before it, so the press cannot overtake it.
                if waiting:
                    await self._inbox.store(tuple(waiting))
                    waiting.clear()
                presses.append(envelope)
            else:
                if presses:
                    await self._press(presses)
                    presses = []
                waiting.append(envelope.raw)
        if presses:
            await self._press(presses)
        if waiting or cursor is not None:
            await self._inbox.store(tuple(waiting), cursor)

    async def close(self, seconds: float = 1.0) -> None:
        """Let answers on their way finish, for so many `seconds`."""
        if self._answers:
            _, late = await asyncio.wait(tuple(self._answers), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _press(self, presses: Sequence[Envelope]) -> None:
        queues: dict[str, list[Envelope]] = {}
        for press in presses:
            queues.setdefault(press.raw.queue, []).append(press)
        # One chat's presses one after another, different chats side by side. Nothing is cancelled when one
        # fails: the others may be in the middle of a commit.
        done = await asyncio.gather(*map(self._in_turn, queues.values()), return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _in_turn(self, presses: Sequence[Envelope]) -> None:
        for press in presses:
            try:
                reply = await self._inbox.handle_now(press.raw)
            except TimeoutError:
                reply = None  # it is saved, and will be answered with a message
            task = asyncio.create_task(self._answer(press.query, reply))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

    async def _answer(self, query: str, reply: Reply | None) -> None:
        """Stop the button's spinner. Forms and field errors belong to platforms that have forms."""
        text = _toast(reply.text) if isinstance(reply, Toast) else ""
        try:
            await self._client.bot.answer_callback_query(query, text=text or None)
        except Exception as error:  # noqa: BLE001 - best effort: the press itself is safe
            _log.info("telegram_press_unanswered", error=delivery_error(error).detail)


def _toast(text: str) -> str:
    return text if len(text) <= TOAST_LIMIT else text[: TOAST_LIMIT - 1].rstrip() + "…"
