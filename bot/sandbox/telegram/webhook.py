"""Pushes a bot's updates to its webhook: in order, one at a time, again and again until it answers 2xx."""

import asyncio
import contextlib

import aiohttp

from bot.sandbox.faults import Faults
from bot.sandbox.telegram.state import Bot, Webhook
from bot.sandbox.telegram.updates import Update
from bot.sandbox.telegram.world import World


class Pusher:
    """The delivery loop of one bot; idle while it polls."""

    def __init__(self, world: World, bot: Bot, faults: Faults, retry: float) -> None:
        """`retry`: real seconds between attempts."""
        self._world = world
        self._bot = bot
        self._faults = faults
        self._retry = retry
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin pushing."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End, in the middle of an attempt if need be."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
            while True:
                hook, pending = self._bot.webhook, self._bot.queue.pending
                if hook is None or not pending:
                    # setWebhook changes no queue, so look again now and then.
                    await self._bot.queue.changed(0.05)
                    continue
                for update in self._faults.deal(pending[:10]):
                    if not await self._push(session, hook, update):
                        await asyncio.sleep(self._retry)
                        break
                    self._bot.queue.drop(update)

    async def _push(self, session: aiohttp.ClientSession, hook: Webhook, update: Update) -> bool:
        """One attempt; what went wrong is kept for getWebhookInfo."""
        if self._bot.webhook is not hook:
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=update.raw, headers=headers) as answer:
                await answer.read()
                if 200 <= answer.status < 300:
                    return True
                hook.error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            hook.error = "Read timeout expired"
        except (aiohttp.ClientError, OSError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError)
            hook.error = "Connection refused" if refused else "Connection reset by peer"
        hook.error_date = int(self._world.now())
        return False
