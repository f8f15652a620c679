"""The fake Telegram: a strict Bot API server on loopback, and the people who use it.

async with FakeTelegram(now=clock) as telegram:            # TELEGRAM_API_URL = telegram.url, token = telegram.token
    asha = telegram.add_user(700001, "Asha")
    await asha.start("invite-code")                        # a deep link; nobody can be written to before
    await asha.sees("Welcome")
    await asha.presses("New case")
    await asha.says("It does not seat", topic="C-7K3F")    # topics by part of their name; MAIN is the main chat
    await asha.sends_photo(png(), caption="front")
    await asha.sees_nothing_like("another patient")        # over everything ever shown
    telegram.faults.add(Kind.DROP_AFTER, method="send*")   # Kind of bot.sandbox.faults
    telegram.truth.messages(asha.id)                       # what the bot really showed, in order
"""

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.people import MAIN, Person
from bot.sandbox.telegram.server import FakeTelegram, Request
from bot.sandbox.telegram.state import Message, Topic
from bot.sandbox.telegram.truth import Act, Seen, Truth

__all__ = [
    "MAIN",
    "Act",
    "ApiError",
    "FakeTelegram",
    "Limits",
    "Message",
    "Person",
    "Request",
    "Seen",
    "Topic",
    "Truth",
]
