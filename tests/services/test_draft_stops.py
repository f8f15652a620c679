"""What needs a person stops drafts: nothing is offered, renewed, changed or sent again until the specialist wrote."""

from __future__ import annotations

from functools import partial

import pytest

from bot.domain import redflags
from bot.domain.errors import Reason, Refused
from bot.domain.events import CommandReceived, FormSubmitted
from bot.domain.rules import MINUTE
from bot.drafting.retrieval import Library
from bot.ports.drafter import Suggestion, Verdict
from bot.services import corrections, draft_renewal, relay, rooms, urgency
from bot.services.unit import Unit
from storage import messages, model_calls, urgent
from tests.services.test_rewording import Scripted
from tests.support.casework import JOHAL, PATEL, SHAH, Casework
from tests.support.draft_desk import ENTRIES, SEAT, WEAR, Always, DraftDesk

FLAG = "Her face is swollen since this morning."
BY_MEANING = "She looks grey and keeps fainting in the chair."
REMARK = "She is here now."
STOPPED = "Nothing is drafted in this case until you have written to the dentist yourself"


class ByMeaning(Always):
    """A drafter that knows by meaning, where no word of the lexicon stands, that a person is needed."""

    def suggest(self, text: str) -> Suggestion:
        """The drafter port."""
        called = BY_MEANING in text or redflags.found(text)
        return Suggestion(Verdict.ESCALATE) if called else super().suggest(text)


@pytest.fixture
async def room(desk: Casework) -> DraftDesk:
    await desk.open_case()
    await desk.settle()
    return DraftDesk(desk, Library(ENTRIES))


async def nothing_stands(room: DraftDesk, arrived: int = 0) -> None:
    assert await room.desk.rows("SELECT id FROM draft WHERE state = 'open'") == []
    assert not any("Approve and send" in card.labels or "Send this" in card.labels for card in room.cards)
    assert len(room.arrived) == arrived


def message_of(unit: Unit, message_id: int) -> dict[str, object]:
    row = messages.get(unit.tx, message_id)
    assert row is not None
    return row


async def marks(room: DraftDesk, message_id: int) -> int:
    """The dentist's own [Urgent]; the id of its row."""
    assert await room.desk.do(lambda unit: urgency.mark(unit, message_of(unit, message_id))) is None
    await room.looks()
    (row,) = await room.desk.rows("SELECT id FROM urgent WHERE state = 'asked'")
    return int(row["id"])


async def takes(room: DraftDesk) -> None:
    """[I have it]"""
    (row,) = await room.desk.rows("SELECT id FROM urgent WHERE state = 'asked'")
    assert await room.desk.do(partial(urgency.seen, urgent_id=row["id"], by=JOHAL)) is None


@pytest.mark.parametrize("has_it", [False, True])
async def test_a_remark_after_a_red_flag_brings_no_draft_back(room: DraftDesk, has_it: bool) -> None:
    await room.asks(SEAT)
    await room.asks(FLAG)
    assert f"#2 may need you at once. {STOPPED}" in room.cards[-1].text
    if has_it:
        await takes(room)
    for words in (REMARK, WEAR, SEAT):
        await room.asks(words)
        await nothing_stands(room)
    assert STOPPED in room.cards[-1].text


@pytest.mark.parametrize("words", [FLAG, BY_MEANING])
async def test_a_flag_between_tidying_and_the_look_brings_no_draft_back(room: DraftDesk, words: str) -> None:
    room.drafter = ByMeaning(*ENTRIES[:1])
    await room.asks(SEAT)
    await room.desk.says(room.case, "dentist", REMARK)
    await room.desk.do(draft_renewal.tidy)
    await room.desk.settle()
    assert "A fresh card comes in a moment" in room.cards[-1].text
    await room.desk.says(room.case, "dentist", words)
    await room.looks()
    await room.looks()
    await nothing_stands(room)
    assert STOPPED in room.cards[-1].text  # and not that a fresh one comes


async def test_a_word_that_is_a_red_flag_stops_before_it_was_looked_at(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.desk.says(room.case, "dentist", FLAG)
    await room.replies("Go on as planned.")
    await room.commands("faq", "wear")
    await room.looks_up()
    assert await room.desk.rows("SELECT id FROM draft WHERE state = 'open'") == []
    assert "#2 may need you at once" in room.toasts[-1]


async def test_urgent_by_the_dentists_own_word_stops_drafts(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.happens(CommandReceived(await room.origin("dentist"), "urgent", "1"))
    await room.looks()
    await nothing_stands(room)
    assert f"#1 may need you at once. {STOPPED}" in room.cards[-1].text
    await room.asks(WEAR)
    await nothing_stands(room)


async def test_a_message_answered_before_may_become_urgent_and_is_to_be_answered_anew(room: DraftDesk) -> None:
    asked = await room.asks("Thanks.")
    await room.desk.says(room.case, "specialist", "You are welcome.")
    await marks(room, asked)
    await room.asks(SEAT)
    await nothing_stands(room, arrived=1)
    await room.desk.says(room.case, "specialist", "Send her to A&E.")
    await room.asks(WEAR)
    assert "Approve and send" in room.cards[-1].labels


async def test_it_ends_when_the_specialist_has_written_and_the_old_card_stays_void(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.asks(FLAG)
    await room.desk.says(room.case, "specialist", "Send her to A&E now.")
    await room.asks(REMARK)
    await nothing_stands(room, arrived=1)  # what was drafted before is not for now
    await room.asks(WEAR)
    assert len(room.cards) == 2
    assert "20-22 hours" in room.cards[-1].text
    await room.presses("Approve and send")
    assert len(room.arrived) == 2


@pytest.mark.parametrize("kind", ["check_in", "withdrawn"])
async def test_neither_a_tap_nor_what_was_taken_back_is_an_answer(room: DraftDesk, kind: str) -> None:
    await room.asks(FLAG)
    said = await room.desk.says(room.case, "specialist", "On my way.")
    if kind == "check_in":
        await room.desk.do(lambda unit: unit.tx.execute(f"UPDATE message SET kind = 'check_in' WHERE id = {said}"))
    else:
        await room.desk.do(lambda unit: corrections.withdraw(unit, message_of(unit, said)))
    await room.asks(SEAT)
    await nothing_stands(room, arrived=1 if kind == "check_in" else 0)


@pytest.mark.parametrize("end", ["not urgent", "withdrawn"])
async def test_it_ends_when_it_is_dropped_or_taken_back(room: DraftDesk, end: str) -> None:
    asked = await room.asks("Can you ring me?")
    row = await marks(room, asked)
    if end == "withdrawn":
        await room.desk.do(lambda unit: corrections.withdraw(unit, message_of(unit, asked)))
    else:
        assert await room.desk.do(lambda unit: urgency.not_urgent(unit, row, PATEL)) is None
    await room.asks(SEAT)
    assert "Approve and send" in room.cards[-1].labels


async def test_a_successor_gets_no_draft_either(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.asks(FLAG)
    await takes(room)
    await room.desk.reassign(room.case, SHAH)
    await room.asks(REMARK)
    await room.asks(WEAR)
    assert await room.desk.rows("SELECT id FROM draft WHERE state = 'open'") == []


async def test_words_of_ones_own_are_neither_carded_nor_lost(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.edits("Use the old one for a week.")
    await room.presses("Edit")
    form = room.form
    assert form is not None
    await room.asks(FLAG)
    assert "Use the old one for a week." in room.cards[-1].text  # to be copied; no button stands under it
    assert room.cards[-1].labels == ()
    await room.happens(FormSubmitted(await room.origin(), form.token, {"words": "Send her to A&E."}))
    assert STOPPED in room.told[-1]
    assert room.told[-1].endswith("Send her to A&E.")
    await room.replies("Send her to A&E.")
    assert "no draft was made of your reply" in room.told[-1]
    await nothing_stands(room)


async def test_what_did_not_arrive_does_not_go_again(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.presses("Approve and send", settle=False)
    room.desk.platforms["telegram"].fates.append(Refused(Reason.OTHER))
    await room.desk.settle()
    await room.asks(FLAG)
    await room.presses("Send again")
    assert room.arrived == []
    assert STOPPED in room.toasts[-1]


async def test_an_outage_posts_nothing_again(room: DraftDesk) -> None:
    asked = await room.asks(SEAT)

    def as_it_was_kept_before(unit: Unit) -> None:
        """Marked urgent without its card having been stopped."""
        urgent.add(unit.tx, id=unit.new_id(), case_id=room.case, message_id=asked, asker_id=PATEL, now=unit.now)

    await room.desk.do(as_it_was_kept_before)
    await room.presses("Approve and send")
    assert STOPPED in room.toasts[-1]
    await room.desk.do(lambda unit: draft_renewal.offer_again(unit, "slack"))
    await room.looks()
    await nothing_stands(room)


async def test_asked_for_after_an_escalation_by_meaning_there_is_none(room: DraftDesk) -> None:
    room.drafter = ByMeaning(*ENTRIES[:1])
    await room.asks(BY_MEANING)
    await room.asks(REMARK)
    await room.commands("faq", "seat")
    await room.looks_up()
    await nothing_stands(room)
    assert "#1 may need you at once" in room.toasts[-1]
    await room.desk.says(room.case, "specialist", "Lay her down, feet up. I call you.")
    await room.commands("faq", "seat")
    await room.looks_up()
    assert "Approve and send" in room.cards[-1].labels


async def test_a_flag_while_the_library_is_searched_for_the_specialist(room: DraftDesk) -> None:
    await room.asks(REMARK)
    await room.commands("faq", "seat")
    await room.desk.says(room.case, "dentist", FLAG)
    await room.looks()
    await room.looks_up()
    await nothing_stands(room)


@pytest.mark.parametrize("words", [FLAG, BY_MEANING])
async def test_before_anybody_has_the_case_somebody_hears_of_it(desk: Casework, words: str) -> None:
    await desk.open_case()
    await desk.settle()
    room = DraftDesk(desk, ByMeaning(*ENTRIES[:1]))

    def vacant(unit: Unit) -> None:
        unit.tx.execute("UPDATE case_file SET state = 'offered', specialist_id = NULL")
        unit.tx.execute("UPDATE seat SET state = 'left' WHERE side = 'specialist'")

    await desk.do(vacant)
    await room.asks(SEAT)
    assert await desk.rows("SELECT id FROM urgent") == []
    await room.asks(words)
    here = "\n".join(one.text for one in desk.platforms["telegram"].shown)
    assert "Nothing is drafted for #2. Please examine the patient" in here
    assert "No specialist has this case yet; your coordinator is asked" in here
    assert any("An urgent message in C-7K01 has not been seen" in one.text for one in desk.platforms["slack"].shown)
    desk.clock.advance(30 * MINUTE)
    await desk.do(urgency.run_due)
    await room.looks()
    assert len(await desk.rows("SELECT id FROM urgent")) == 1

    def taken(unit: Unit) -> None:
        unit.tx.execute(f"UPDATE case_file SET state = 'open', specialist_id = {JOHAL}")
        assert rooms.take_seat(unit, room.case, "specialist", JOHAL) is not None
        relay.pass_on_waiting(unit, room.case, "dentist")

    await desk.do(taken)
    await desk.do(urgency.run_due)
    await room.looks()
    assert any("may need you at once. Please look in its room." in one.text for one in desk.platforms["slack"].shown)
    await room.asks(REMARK)
    await nothing_stands(room)
    assert await desk.rows("SELECT id FROM draft") == []


@pytest.mark.parametrize(("choice", "comes_back"), [("pain", False), ("nothing", True)])
async def test_a_check_in_that_pages_stops_drafts_and_another_renews_the_card(
    room: DraftDesk, choice: str, comes_back: bool
) -> None:
    await room.asks(SEAT)
    await room.checks_in(choice)
    assert await room.desk.rows("SELECT id FROM draft WHERE state = 'open'") == []
    await room.looks()
    assert ("Approve and send" in room.cards[-1].labels) == comes_back
    if not comes_back:
        await room.asks(REMARK)
        await nothing_stands(room)
        assert STOPPED in room.cards[-1].text


async def test_asked_for_before_the_newest_words_were_looked_at(room: DraftDesk) -> None:
    room.drafter = ByMeaning(*ENTRIES[:1])
    await room.desk.says(room.case, "dentist", BY_MEANING)
    await room.commands("faq", "seat")
    await room.looks_up()
    assert room.cards == []
    assert "#1 may need you at once" in room.told[-1]
    await room.asks(REMARK)
    await nothing_stands(room)


async def test_an_approved_answer_is_not_sent_again_by_its_number_either(room: DraftDesk) -> None:
    await room.asks(SEAT)
    await room.presses("Approve and send", settle=False)
    room.desk.platforms["telegram"].fates.append(Refused(Reason.OTHER))
    await room.desk.settle()
    await room.asks(FLAG)
    await room.commands("resend", "2")
    await nothing_stands(room)
    assert STOPPED in room.toasts[-1]
    await room.desk.says(room.case, "specialist", "Send her to A&E.")
    await room.commands("resend", "2")
    assert len(room.arrived) == 2


async def test_what_was_said_before_the_flag_and_came_late_is_no_answer(room: DraftDesk) -> None:
    before = room.desk.clock.now()
    room.desk.clock.advance(MINUTE)
    await room.asks(FLAG)
    await room.desk.says(room.case, "specialist", "All well then.", at=before)
    await room.asks(WEAR)
    await nothing_stands(room, arrived=1)
    await room.desk.says(room.case, "specialist", "Send her to A&E.")
    await room.asks(WEAR)
    assert "Approve and send" in room.cards[-1].labels


async def test_what_the_specialist_marks_urgent_stops_nothing(room: DraftDesk) -> None:
    said = await room.desk.says(room.case, "specialist", "Please look at this today.")
    await marks(room, said)
    await room.asks(SEAT)
    assert "Approve and send" in room.cards[-1].labels


async def test_no_model_is_asked_under_a_stop(room: DraftDesk) -> None:
    room.writer = Scripted()
    await room.desk.do(lambda unit: model_calls.set_consent(unit.tx, room.case, PATEL, "given", unit.now))
    await room.asks(FLAG)
    await room.asks(SEAT)
    assert room.writer.briefs == []
    await room.desk.says(room.case, "specialist", "Send her to A&E.")
    await room.asks(SEAT)
    assert len(room.writer.briefs) == 1
