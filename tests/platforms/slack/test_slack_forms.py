"""Native forms: every widget as Slack shows it, within its limits."""

from bot.domain.outbound import Choice, FormField, OpenForm, Widget
from bot.platforms.slack.forms import modal, note
from tests.platforms.slack.support import problems


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"v{number}", f"Label {number} " + "x" * 80) for number in range(count))


FORM = OpenForm(
    token="nonce",
    title="A title that is far too long for Slack",
    submit="Send",
    intro="Four answers are enough.",
    fields=(
        FormField(
            "name", Widget.TEXT, "Pseudonym", help="Initials", placeholder="p" * 200, initial="AB", max_length=40
        ),
        FormField("words", Widget.LONG_TEXT, "In their words", max_length=9000),
        FormField("few", Widget.CHOICE, "Few", choices=choices(3), initial="v1"),
        FormField("open", Widget.CHOICE, "Open", choices=choices(3), optional=True, placeholder="Choose"),
        FormField("many", Widget.CHOICE, "Many", choices=choices(30)),
        FormField("boxes", Widget.CHOICES, "Boxes", choices=choices(4), initial=("v0", "v3"), optional=True),
        FormField("list", Widget.CHOICES, "List", choices=choices(20), optional=True),
        FormField("date", Widget.DATE, "Date", initial="2026-06-14", optional=True),
        FormField("consent", Widget.TICK, "The patient agrees"),
        FormField("ticked", Widget.TICK, "Ticked", initial="yes", choices=(Choice("agreed", "I have it in writing"),)),
    ),
)


def test_every_widget() -> None:
    view = modal(FORM)
    assert (view["private_metadata"], view["callback_id"]) == ("nonce", "form")
    assert len(view["title"]["text"]) == 24
    inputs = {block["block_id"]: block for block in view["blocks"][1:]}
    kinds = {name: block["element"]["type"] for name, block in inputs.items()}
    assert kinds == {
        "name": "plain_text_input",
        "words": "plain_text_input",
        "few": "radio_buttons",
        "open": "static_select",
        "many": "static_select",
        "boxes": "checkboxes",
        "list": "multi_static_select",
        "date": "datepicker",
        "consent": "checkboxes",
        "ticked": "checkboxes",
    }
    assert inputs["name"]["element"]["initial_value"] == "AB"
    assert inputs["name"]["element"]["max_length"] == 40
    assert inputs["words"]["element"]["max_length"] == 3000
    assert inputs["few"]["element"]["initial_option"]["value"] == "v1"
    assert [one["value"] for one in inputs["boxes"]["element"]["initial_options"]] == ["v0", "v3"]
    assert inputs["date"]["element"]["initial_date"] == "2026-06-14"
    assert "initial_options" not in inputs["consent"]["element"]
    assert inputs["ticked"]["element"]["initial_options"][0]["value"] == "agreed"
    assert inputs["open"]["optional"] is True


def test_views_are_legal() -> None:
    for view in (modal(FORM), note("Not now.\nSoon.")):
        assert problems("views.open", {"trigger_id": "1", "view": view}) == []
