"""A browser for the page: Debian's Chromium, driven by Playwright; and a stage with the page on it."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot.sandbox.script import Script, load
from bot.sandbox.stage import Stage
from bot.sandbox.web.serve import page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
QUICK = 0.01
"""The story's pace, where nobody reads."""


def chromium() -> str:
    """The browser's path; where there is none the test is skipped, but never in CI."""
    found = next((path for name in NAMES if (path := shutil.which(name)) is not None), None)
    if found is None:
        assert os.environ.get("CI") != "true", "CI has to bring Chromium: see .ci/run"
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    return found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = chromium()
    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield running
        finally:
            await running.close()


@dataclass
class Watched:
    """A page with everything that must not happen on it."""

    page: Page
    url: str
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Everything came from this address, nothing was refused, and no script failed."""
        assert len(self.requests) > 10
        away = [one for one in self.requests if urlsplit(one).netloc != urlsplit(self.url).netloc]
        assert away == []
        assert self.faults == []


async def watch(browser: Browser, url: str, **given: object) -> Watched:
    """Open the page in a context of its own."""
    context = await browser.new_context(**given)  # type: ignore[arg-type]
    shown = await context.new_page()
    watched = Watched(shown, url)
    shown.on("request", lambda request: watched.requests.append(request.url))
    shown.on("pageerror", lambda error: watched.faults.append(str(error)))
    shown.on("console", lambda said: watched.faults.append(said.text) if said.type == "error" else None)
    await shown.goto(url)
    return watched


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage() as running:
        yield running


@pytest.fixture
def script() -> Script:
    return load("week-six")


@pytest.fixture
async def url(stage: Stage, script: Script) -> AsyncIterator[str]:
    async with page(stage, script, pace=QUICK) as address:
        yield address
