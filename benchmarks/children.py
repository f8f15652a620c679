"""The programs under measurement, each in a process of its own: `python -m benchmarks.children bare|chairside|paced`.

Settings come as JSON on standard input: {"env": {...}, "routes": [[channel, chat, topic], ...]} (routes for `bare`).
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.app import serve
from bot.cli.logs import configure
from bot.cli.run import fast_loop
from bot.config import read
from bot.domain.rules import Rules


async def bare(env: dict[str, str], routes: list[list[str]]) -> None:
    """bolt and python-telegram-bot as documented, default transports, nothing stored: text across, both ways."""
    to_telegram = {channel: (int(chat), int(topic)) for channel, chat, topic in routes}
    to_slack = {(chat, topic): channel for channel, (chat, topic) in to_telegram.items()}
    client = AsyncWebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["SLACK_API_URL"])
    app = AsyncApp(token=env["SLACK_BOT_TOKEN"], client=client)
    telegram = (
        Application.builder()
        .token(env["TELEGRAM_BOT_TOKEN"])
        .base_url(f"{env['TELEGRAM_API_URL']}/bot")
        .base_file_url(f"{env['TELEGRAM_API_URL']}/file/bot")
        .build()
    )

    @app.event("message")  # type: ignore[untyped-decorator, unused-ignore]
    async def from_slack(event: dict[str, Any]) -> None:
        if "bot_id" in event or event["channel"] not in to_telegram:
            return
        chat, topic = to_telegram[event["channel"]]
        await telegram.bot.send_message(chat, event["text"], message_thread_id=topic)

    async def from_telegram(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None or message.text is None or message.message_thread_id is None:
            return
        channel = to_slack.get((message.chat_id, message.message_thread_id))
        if channel is not None:
            await app.client.chat_postMessage(channel=channel, text=message.text)

    telegram.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, from_telegram))
    handler = AsyncSocketModeHandler(app, env["SLACK_APP_TOKEN"])
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with telegram:
        await telegram.start()
        assert telegram.updater is not None
        await telegram.updater.start_polling()
        await handler.connect_async()
        await stop.wait()
        await handler.close_async()
        await telegram.updater.stop()
        await telegram.stop()


def main() -> None:
    """Run one of the two until SIGTERM."""
    order = json.loads(sys.stdin.readline())
    if sys.argv[1] == "bare":
        asyncio.run(bare(order["env"], order["routes"]))
        return
    configure("json", "warning")
    with asyncio.Runner(loop_factory=fast_loop()) as runner:  # as `chairside run` does
        runner.run(serve(read(order["env"], env_file=None), rules=Rules(pacing=sys.argv[1] == "paced")))


if __name__ == "__main__":
    main()
