import pytest

from bot.domain.degradation import FALLS, TABLE, Loss, Step, degrade
from bot.domain.richtext import Kind, RichText, Span, code, date, item, line, lines, link, mention, pre, quote, styled


def over(text: str, kind: Kind, value: str = "", form: str = "") -> RichText:
    return RichText(text, (Span(0, len(text), kind, value, form),))


def lost(rich: RichText, platform: str) -> tuple[Step, ...]:
    return tuple(loss.step for loss in degrade(rich, platform).losses)


def test_each_kind_a_platform_lacks_has_its_way_down() -> None:
    for means in TABLE.values():
        assert set(Kind) - means.kinds <= FALLS.keys()


@pytest.mark.parametrize(
    ("rich", "platform", "shown", "steps"),
    [
        (over("hidden", Kind.SPOILER), "slack", RichText("hidden"), (Step.SPOILER_SHOWN,)),
        (over("hidden", Kind.SPOILER), "telegram", over("hidden", Kind.SPOILER), ()),
        (quote("said", folded=True), "slack", quote("said"), (Step.QUOTE_OPENED,)),
        (pre("x = 1", "cobol"), "slack", pre("x = 1"), (Step.LANGUAGE_DROPPED,)),
        (pre("x = 1", "python"), "slack", pre("x = 1", "python"), ()),
        (pre("x = 1", "cobol"), "telegram", pre("x = 1", "cobol"), ()),
        (lines(item("a"), item("b", 2)), "telegram", RichText("• a\n2. b"), (Step.LIST_AS_TEXT,)),
        (over("#ff0000", Kind.COLOUR, "#ff0000"), "telegram", RichText("#ff0000"), (Step.COLOUR_AS_TEXT,)),
        (over("@dentists", Kind.GROUP, "slack:S1"), "slack", RichText("@dentists"), (Step.MENTION_AS_TEXT,)),
        (over("@here", Kind.BROADCAST, "here"), "slack", RichText("@here"), (Step.MENTION_AS_TEXT,)),
        (over("@Ann", Kind.MENTION, "slack:U1"), "slack", RichText("@Ann"), (Step.MENTION_AS_TEXT,)),
        (over(":ortho:", Kind.EMOJI, "slack:ortho"), "telegram", RichText(":ortho:"), (Step.EMOJI_AS_TEXT,)),
        (over("🦷", Kind.EMOJI, "slack:tooth"), "telegram", RichText("🦷"), ()),
        (over("🦷", Kind.EMOJI, "telegram:5368"), "slack", RichText("🦷"), (Step.EMOJI_AS_TEXT,)),
        (styled("x", Kind.CODE, Kind.BOLD), "telegram", code("x"), (Step.STYLE_DROPPED,)),
        (styled("x", Kind.CODE, Kind.BOLD), "slack", styled("x", Kind.CODE, Kind.BOLD), ()),
        (
            styled(link("x", "https://a.example"), Kind.CODE),
            "telegram",
            link("x", "https://a.example"),
            (Step.STYLE_DROPPED,),
        ),
        (date(9, "at {time}", "at nine"), "telegram", date(9, "", "at nine"), ()),
        (date(9, "", "tomorrow"), "slack", RichText("tomorrow"), (Step.DATE_AS_TEXT,)),
        (RichText("UL4\u2028UL5\rUL6\r\n"), "telegram", RichText("UL4\nUL5\nUL6\r\n"), (Step.BREAKS_REPLACED,)),
        (RichText("UL4\u2028UL5"), "slack", RichText("UL4\u2028UL5"), ()),
    ],
)
def test_what_is_lacking_reads_as_text(rich: RichText, platform: str, shown: RichText, steps: tuple[Step, ...]) -> None:
    assert degrade(rich, platform).rich == shown
    assert lost(rich, platform) == steps


@pytest.mark.parametrize(
    ("label", "url", "platform", "text"),
    [
        ("call", "tel:+441632960001", "telegram", "call (tel:+441632960001)"),
        ("write", "mailto:a@example.org", "telegram", "write (mailto:a@example.org)"),
        ("a@example.org", "mailto:a@example.org", "telegram", "a@example.org"),
        ("open", "tg://user?id=700001", "telegram", "open (tg://user?id=700001)"),
        ("open", "http://localhost:8080/", "telegram", "open (http://localhost:8080/)"),
        ("open", "http://user:pw@example.org", "slack", "open (http://user:pw@example.org)"),
        ("open", "javascript:alert(1)", "slack", "open (javascript:alert(1))"),
        ("open", "https://exam ple.org", "slack", "open (https://exam%20ple.org)"),
        ("open", "https://example.org/" + "x" * 3000, "slack", "open (https://example.org/" + "x" * 3000 + ")"),
    ],
)
def test_a_link_that_cannot_be_live_is_written_out(label: str, url: str, platform: str, text: str) -> None:
    assert degrade(link(label, url), platform).rich == RichText(text)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "HTTP://Example.ORG/a_(b)?c=d&e=%20#f",
        "https://a-b.example:8443/x",
        "https://zahnärzte.example/übersicht",
    ],
)
def test_a_web_address_is_live_on_both(url: str) -> None:
    for platform in TABLE:
        assert degrade(link("x", url), platform).rich == link("x", url)


def test_what_is_written_out_stays_in_its_list_item_and_quote() -> None:
    said = quote(lines(item(line("see ", link("this", "ftp://example.org/x"))), "after"))

    shown = degrade(said, "slack").rich

    assert shown.text == "• see this (ftp://example.org/x)\nafter"
    assert [(span.kind, span.start, span.end) for span in shown.spans] == [
        (Kind.QUOTE, 0, len(shown)),
        (Kind.ITEM, 0, len(shown) - len("\nafter")),
    ]


def test_a_link_in_a_code_block_is_written_out_for_telegram() -> None:
    block = RichText("see it here", (Span(0, 11, Kind.PRE), Span(4, 6, Kind.LINK, "https://example.org")))

    assert degrade(block, "slack").rich == block
    assert degrade(block, "telegram").rich == pre("see it (https://example.org) here")


def test_only_our_own_mention_is_live() -> None:
    ours, theirs = mention("slack:T0001/U0003", "@Sam"), mention("slack:U0003", "@Sam")
    said = line(ours, " and ", theirs)

    assert degrade(said, "slack", live={"slack:T0001/U0003"}).rich == line(ours, " and ", RichText("@Sam"))
    assert degrade(said, "slack").rich == RichText("@Sam and @Sam")


def test_losses_are_counted_and_the_quiet_ones_marked() -> None:
    said = lines(item("a"), item("b"), over("c", Kind.SPOILER), over("@d", Kind.MENTION, "slack:U1"))

    assert degrade(said, "telegram").losses == (Loss(Step.LIST_AS_TEXT, 2), Loss(Step.MENTION_AS_TEXT, 1))
    assert [loss.told for loss in degrade(said, "telegram").losses] == [False, True]
    assert degrade(said, "slack").losses == (Loss(Step.SPOILER_SHOWN, 1), Loss(Step.MENTION_AS_TEXT, 1))
