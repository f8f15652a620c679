"""What leaves for Slack: typed blocks only, a neutral notice, and never more than Slack shows."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Reason, Refused
from bot.domain.outbound import Button, ButtonStyle, Page, Post, Section
from bot.domain.richtext import Kind, RichText, Span, bold, plain
from bot.platforms.slack import home
from bot.platforms.slack.capabilities import PAYLOAD_LIMIT
from bot.platforms.slack.render import blocks, ephemeral, metadata, notice
from tests.platforms.slack.support import message_problems, problems

CARD = Post(
    body=RichText("Plan ") + bold("v2"),
    heading="Dr Asha Patel, dentist",
    footer="C-7K3F · #14",
    notice="Dr Patel · C-7K3F: new message",
    buttons=(
        (Button("Seen", "t1", ButtonStyle.PRIMARY), Button("Take back", "t2", ButtonStyle.DANGER)),
        (Button("Open", url="https://x.example/"), Button("L" * 100, "t3")),
    ),
)


def test_a_card() -> None:
    made = blocks(CARD, "U0002")
    assert message_problems(made) == []
    assert [one["type"] for one in made] == ["rich_text", "rich_text", "context", "actions", "actions"]
    opening = made[0]["elements"][0]["elements"]
    assert opening == [
        {"type": "user", "user_id": "U0002"},
        {"type": "text", "text": " "},
        {"type": "text", "text": "Dr Asha Patel, dentist", "style": {"bold": True}},
    ]
    buttons = [button for block in made[3:] for button in block["elements"]]
    assert [button.get("value") for button in buttons] == ["t1", "t2", None, "t3"]
    assert [button.get("style") for button in buttons] == ["primary", "danger", None, None]
    assert len({button["action_id"] for button in buttons}) == 4
    assert len(buttons[3]["text"]["text"]) == 75


def test_plain_text_has_one_block() -> None:
    assert len(blocks(Post(RichText("Hello")))) == 1


def test_an_empty_post_still_shows_something() -> None:
    made = blocks(Post(RichText(""), notice="Dr Patel · C-7K3F"))
    assert message_problems(made) == []
    assert made[0]["text"] == {"type": "plain_text", "text": "Dr Patel · C-7K3F", "emoji": False}


def test_the_notice_holds_no_word_of_the_body_and_no_markup() -> None:
    assert notice(CARD) == "Dr Patel · C-7K3F: new message"
    assert notice(Post(RichText("UL4 is loose"))) == "New message in Chairside"
    assert notice(Post(RichText("x"), notice="<!channel> & co")) == "&lt;!channel&gt; &amp; co"


def test_nothing_is_ever_markup() -> None:
    nasty = "<!channel> <@U1> *x* `y` <https://evil.example|click>"
    post = Post(RichText(nasty), heading=nasty, footer=nasty, buttons=((Button(nasty, "t"),),))
    made = blocks(post)
    assert '"mrkdwn"' not in json.dumps(made)
    texts = [one["text"] for one in made[1]["elements"][0]["elements"]]
    assert "".join(texts) == nasty
    assert {one["type"] for one in made[1]["elements"][0]["elements"]} == {"text"}


def test_formatting_goes_before_words_do() -> None:
    heavy = RichText("abc" * 900, tuple(Span(at, at + 2, Kind.BOLD) for at in range(0, 2700, 3)))
    made = blocks(Post(heavy))
    assert len(json.dumps(made, ensure_ascii=False, separators=(",", ":"))) <= PAYLOAD_LIMIT
    assert heavy.text in json.dumps(made)


def test_the_limit_counts_characters_and_not_their_bytes() -> None:
    long = "é" * 11_800  # some 23,600 bytes
    assert long in json.dumps(blocks(Post(RichText(long))), ensure_ascii=False)
    with pytest.raises(Refused):
        blocks(Post(RichText(long + "é" * 200)))


def test_what_cannot_be_shown_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        blocks(Post(RichText("x" * 20_000)))
    assert caught.value.reason is Reason.TOO_LARGE
    with pytest.raises(Refused):
        blocks(Post(RichText("x"), buttons=tuple((Button("b", "t"),) for _ in range(60))))


def test_many_buttons_in_a_row_are_broken_up() -> None:
    made = blocks(Post(RichText("x"), buttons=(tuple(Button(str(n), f"t{n}") for n in range(60)),)))
    assert [len(one["elements"]) for one in made[1:]] == [25, 25, 10]
    assert message_problems(made) == []


def test_metadata_is_the_tag_and_nothing_else() -> None:
    assert metadata("abc") == {"event_type": "chairside_delivery", "event_payload": {"id": "abc"}}


def test_ephemeral_answers() -> None:
    said = ephemeral("Not <now>")
    assert said["response_type"] == "ephemeral"
    assert said["replace_original"] is False
    assert said["text"] == "Not &lt;now&gt;"
    assert message_problems(said["blocks"]) == []


def test_home_page_is_legal_and_never_over_its_limit_of_blocks() -> None:
    row = (Button("New case", "nonce"), Button("Open", url="https://slack.com/app_redirect?team=T1&channel=C1"))
    page = Page(tuple(Section(plain(f"Part {number}"), row) for number in range(80)))
    view = home.view(page)
    assert problems("views.publish", {"user_id": "U1", "view": view}) == []
    assert len(view["blocks"]) == 100
    assert [one["value"] if "value" in one else one["url"][:22] for one in view["blocks"][1]["elements"]] == [
        "nonce",
        "https://slack.com/app_",
    ]


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60), st.booleans())
def test_any_words_make_a_legal_message(body: str, heading: str, footer: str, mention: bool) -> None:
    post = Post(RichText(body), heading=heading, footer=footer)
    assert message_problems(blocks(post, "U1" if mention else "")) == []
