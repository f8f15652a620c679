"""The page in a real browser: the story to its end, both keyboards, a phone, and who cannot see or use a mouse."""

from __future__ import annotations

import re

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from bot.sandbox.slack.world import Message
from bot.sandbox.stage import Stage
from tests.sandbox.web.conftest import Watched, watch

PATIENCE = 75_000
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


async def sees(where: Locator, words: str) -> None:
    await expect(where).to_contain_text(words, timeout=PATIENCE)


async def plays_to_the_end(page: Page) -> None:
    await page.get_by_role("button", name="Play the story").click()
    await sees(page.locator("#story-note"), "That was the story")


async def types(page: Page, side: str, words: str) -> None:
    line = page.locator(f"#{side}-composer textarea")
    await line.fill(words)
    await line.press("Enter")


async def test_the_story_plays_and_the_keyboard_is_handed_over(browser: Browser, stage: Stage, url: str) -> None:
    watched = await watch(browser, url, viewport=DESK)
    page = watched.page
    dentist, specialist = page.locator("#tg-log"), page.locator("#sl-log")
    await page.get_by_role("button", name="Next step").click()
    await sees(dentist, "Welcome to Chairside, Dr Asha Patel")
    await page.get_by_role("button", name="Play on").click()
    await sees(page.locator("#story-note"), "That was the story")

    await sees(dentist, "#1 (16 Mar 12:45): delivered")
    await sees(specialist, "Check-in: aligner 1 seats.")
    await sees(page.locator("#cases"), "Dr Asha Patel")
    await sees(page.locator("#drafts"), "approved")
    plan = page.locator(".plan img")
    await expect(plan).to_have_attribute("alt", re.compile("Refinement", re.IGNORECASE))
    await expect(plan).to_have_js_property("complete", True, timeout=PATIENCE)
    assert await plan.evaluate("image => image.naturalWidth") > 300
    await sees(page.locator("#record"), "draft.approved")

    await takes_both_keyboards(page, stage)
    await moves_the_clock(page)
    await kills_and_restarts(page)
    await takes_the_model_down(page)
    watched.check()


async def takes_both_keyboards(page: Page, stage: Stage) -> None:
    dentist, specialist = page.locator("#tg-log"), page.locator("#sl-log")
    await types(page, "tg", "A <b>new</b> photo & scan tomorrow")
    await sees(specialist, "A <b>new</b> photo & scan tomorrow")
    await types(page, "sl", "Thank you, that is good.")
    await sees(dentist, "Thank you, that is good.")

    mine = page.locator(".tg-message.mine", has_text="photo & scan")
    await mine.hover()
    await mine.get_by_role("button", name="What to do with this message").click()
    await page.get_by_role("menuitem", name="Edit").click()
    await types(page, "tg", "A new photo & scan on Tuesday")
    await sees(specialist, "scan on Tuesday")

    await types(page, "sl", "/case status")
    await sees(specialist.locator(".whisper").last, "AB")
    await page.get_by_role("group", name="Whose Slack").get_by_role("button", name="Sam Reid").click()
    await page.locator("#sl-channels").get_by_role("button", name="Home").click()
    await sees(page.locator("#sl-home"), "Sam, your desk")
    await page.get_by_role("group", name="Whose Slack").get_by_role("button", name="Dr Amar Johal").click()
    await page.locator("#sl-channels").get_by_role("button", name="Home").click()
    await page.locator("#sl-home").get_by_role("link", name="AB").click()  # an app's own link opens in its panel
    await sees(page.locator("#sl-title"), "# case-patel")
    assert isinstance(stage.specialist.newest("Thank you, that is good."), Message)


async def moves_the_clock(page: Page) -> None:
    await sees(page.locator("#now"), "11 May 2027")
    await page.get_by_role("button", name="+1 week").click()
    await sees(page.locator("#now"), "18 May 2027")


async def kills_and_restarts(page: Page) -> None:
    await page.locator("#troubles").click()
    await page.get_by_role("menuitemcheckbox", name="Chairside is killed").click()
    await sees(page.locator("#running"), "It is not running")
    await types(page, "tg", "Written while nobody listens")
    await expect(page.locator(".tg-message.mine", has_text="nobody listens").locator(".ticks")).to_have_attribute(
        "title", "Sent"
    )
    await page.locator("#troubles").click()
    await page.get_by_role("menuitemcheckbox", name="Chairside is killed").click()
    await sees(page.locator("#running"), "It is running")
    await page.get_by_role("group", name="Whose Slack").get_by_role("button", name="Dr Amar Johal").click()
    await sees(page.locator("#sl-log"), "Written while nobody listens")


async def takes_the_model_down(page: Page) -> None:
    await page.locator("#troubles").click()
    await expect(page.get_by_role("menuitemcheckbox", name="No model rewords answers")).to_be_checked()
    await page.get_by_role("menuitemcheckbox", name="The model is down").click()
    await sees(page.locator("#troubles"), "The model is down")
    await page.locator("#troubles").click()
    await page.get_by_role("menuitemcheckbox", name="A model rewords answers").click()
    await sees(page.locator("#troubles"), "Trouble")


async def test_a_phone_shows_one_panel_at_a_time(browser: Browser, url: str) -> None:
    watched = await watch(browser, url, viewport=PHONE, has_touch=True, is_mobile=True)
    page = watched.page
    await page.get_by_role("button", name="Start").tap()
    await sees(page.locator("#tg-log"), "Welcome to Chairside, Dr Asha Patel")
    tabs = page.get_by_role("navigation", name="Panels")
    for name, panel in (("Chairside", "middle"), ("Slack", "slack"), ("Telegram", "telegram")):
        await tabs.get_by_role("button", name=name).tap()
        await expect(page.locator(".panel:visible")).to_have_attribute("id", panel)
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    watched.check()


async def test_axe_finds_nothing_serious_in_light_and_dark_and_in_a_form(browser: Browser, url: str) -> None:
    watched = await watch(browser, url, viewport=DESK, color_scheme="dark", reduced_motion="reduce")
    await plays_to_the_end(watched.page)
    await serious(watched, "dark")
    await watched.page.emulate_media(color_scheme="light")
    await watched.page.get_by_role("button", name="Dr Bina Patel").click()
    await types(watched.page, "sl", "/case new")
    await expect(watched.page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    await serious(watched, "light, with a form")


async def serious(watched: Watched, when: str) -> None:
    found = (await Axe().run(watched.page)).response
    assert len(found["passes"]) > 15
    grave = [
        f"{one['id']}: {one['help']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert grave == [], when
