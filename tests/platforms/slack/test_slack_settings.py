"""Settings, scopes and the manifest."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.platforms.slack.config import SlackWorkspace
from bot.platforms.slack.manifest import EVENTS, REFUSED, SCOPES, as_yaml, manifest
from tests.support.console import ROOT

SPECIFICATIONS = Path(__file__).parents[4] / "shared" / "specs"


def test_settings_hide_their_secrets() -> None:
    one = SlackWorkspace("a", "xoxb-secret", "xapp-secret", "signing-secret")
    assert "secret" not in repr(one)
    assert one.faults() == []
    assert one.socket_mode
    assert one.at_slack


@pytest.mark.parametrize(
    ("workspace", "needle"),
    [
        (SlackWorkspace("a", "xoxp-1", "xapp-1"), "xoxb-"),
        (SlackWorkspace("a", "xoxb-1", "xoxb-1"), "xapp-"),
        (SlackWorkspace("a", "xoxb-1"), "signing secret"),
    ],
)
def test_faulty_settings_are_named_without_values(workspace: SlackWorkspace, needle: str) -> None:
    (fault,) = workspace.faults()
    assert needle in fault
    assert workspace.bot_token not in fault


@pytest.mark.parametrize(
    ("url", "at_slack"),
    [
        ("https://slack.com/api/", True),
        ("https://eu.slack.com/api/", True),
        ("http://127.0.0.1:8100/api/", False),
        ("https://notslack.com/api/", False),
        ("https://slack.com.evil.example/api/", False),
    ],
)
def test_stand_ins_are_told_apart(url: str, at_slack: bool) -> None:
    assert SlackWorkspace("a", "xoxb-1", api_url=url).at_slack is at_slack


def test_scopes_are_the_least() -> None:
    listed = (
        "chat:write im:history im:read im:write groups:history groups:read groups:write users:read files:read "
        "files:write commands reactions:read reactions:write pins:write metadata.message:read"
    )
    assert set(SCOPES) == set(listed.split())
    assert not REFUSED & set(SCOPES)


@pytest.mark.parametrize("url", ["", "https://chairside.example/"])
def test_manifest(url: str) -> None:
    made = manifest(url)
    settings = made["settings"]
    assert settings["socket_mode_enabled"] is (not url)
    assert settings["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert [one["callback_id"] for one in made["features"]["shortcuts"]] == ["withdraw", "wrong", "urgent", "keep"]
    assert ("request_url" in settings["interactivity"]) is bool(url)
    schema = SPECIFICATIONS / "slack_app_manifest.schema.2.0.0.c50cfa8.json"
    if schema.exists():
        jsonschema.validate(made, json.loads(schema.read_text()))
    if url:
        assert made["features"]["slash_commands"][0]["url"] == "https://chairside.example/slack/events"


def test_the_file_to_paste_is_what_the_code_needs() -> None:
    shipped = (ROOT / "deploy" / "slack-manifest.yaml").read_text(encoding="utf-8")
    assert shipped == as_yaml(), "make it anew: chairside init --manifest > deploy/slack-manifest.yaml"
    assert yaml.safe_load(shipped) == manifest()
    assert shipped.startswith("# The Slack app of Chairside")
