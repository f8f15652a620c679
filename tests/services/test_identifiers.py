"""The identifier guard: what is asked, how often, what is remembered, and what is written down."""

from __future__ import annotations

from typing import Any

from bot.domain.addresses import Account, Place
from bot.domain.codec import load
from bot.domain.events import FileKind, InboundFile, MessageEdited, Origin
from bot.domain.ids import CaseId, MessageId
from bot.domain.outbound import Post
from bot.domain.richtext import plain
from bot.domain.rules import DAY
from bot.services import corrections, identifiers, redaction, relay
from bot.services.outbox import TYPES
from bot.services.unit import Unit
from storage import attachments, messages
from tests.support.casework import JOHAL, PATEL, Casework

PHONE = "Her mobile is 07700 900142."
NAME = "Is Kwame ok to go weekly?"


async def hints(desk: Casework) -> list[dict[str, Any]]:
    return await desk.rows("SELECT * FROM identifier_hint ORDER BY id")


async def opened(desk: Casework) -> CaseId:
    case = await desk.open_case()
    await desk.settle()
    return case


async def lines_for(desk: Casework, side: str) -> list[Post]:
    """Every new message queued for one side's rooms, oldest first."""

    def read(unit: Unit) -> list[Post]:
        rows = unit.tx.all(
            """SELECT d.* FROM delivery d JOIN lane l ON l.id = d.lane_id JOIN seat s ON s.id = l.seat_id
               WHERE s.side = :side AND d.kind = 'post' ORDER BY d.id""",
            {"side": side},
        )
        opened = (unit.unseal(r["case_id"], "delivery", "payload_sealed", r["id"], r["payload_sealed"]) for r in rows)
        posts = [load(TYPES["post"], body) for body in opened]
        return [post for post in posts if isinstance(post, Post)]

    return await desk.units.look(read)


async def words(desk: Casework, message_id: MessageId) -> str:
    def read(unit: Unit) -> str:
        row = messages.get(unit.tx, message_id)
        assert row is not None
        return relay.body_of(unit, row).text

    return await desk.units.look(read)


async def test_the_message_goes_on_as_ever_and_its_sender_alone_is_asked_quietly(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", PHONE)
    posts = [post for post in await lines_for(desk, "dentist") if "seems to hold" in post.body.text]
    await desk.settle()
    (copy,) = [one for one in desk.platforms["slack"].shown if one.text == PHONE]
    assert copy.heading == "Dr Asha Patel · dentist · #1"
    assert not [one for one in desk.platforms["slack"].shown if "seems to hold" in one.text]
    (hint,) = posts
    assert hint.body.text.startswith("#1 seems to hold a phone number. It has gone on as you wrote it.")
    assert hint.silent
    assert not hint.mention
    assert hint.notice == "C-7K01: a line about this case"
    assert [button.label for row in hint.buttons for button in row] == ["Withdraw and resend redacted", "It's fine"]


async def test_what_holds_nothing_asks_nothing_and_keeps_nothing(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "UL2 lags 0.5 mm at aligner 7, BPE 323/242. Wedding 14 June. Carry on?")
    assert await hints(desk) == []
    assert await desk.rows("SELECT * FROM identifier_known") == []


async def test_the_parties_and_their_practice_may_be_named(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "Is Amar Johal in on Friday? Asha Patel asks, for Riverside Dental.")
    await desk.says(case, "specialist", "Could Mr Johal see her with Mrs Patel? Sam Reid knows.")
    assert await hints(desk) == []
    await desk.says(case, "dentist", "Rina Patel is late again.")
    assert len(await hints(desk)) == 1


async def test_one_question_for_each_case_and_day_but_for_what_presses(desk: Casework) -> None:
    case = await opened(desk)
    for text in (NAME, "Saw Ewan McKenna, all fine.", "Her dob is 14/03/1991."):
        await desk.says(case, "dentist", text)
    assert [row["kinds"] for row in await hints(desk)] == ["name"]
    for text in (
        PHONE,
        "NHS number 9992758228",
        "Send it to 22 Alder Close, LS6 3QF",
        "Sarah Whitcombe, dob 14/03/1991",
        "Write to p.s@example.org",
    ):
        await desk.says(case, "dentist", text)
    assert [row["kinds"] for row in await hints(desk)][1:] == [
        "phone",
        "nhs_number",
        "address,postcode",
        "name,birth_date",
        "email",
    ]
    desk.clock.advance(DAY)
    await desk.says(case, "specialist", "Is Ewan McKenna wearing them?")
    assert (await hints(desk))[-1]["person_id"] == JOHAL
    other = await desk.open_case(2)
    await desk.settle()
    await desk.says(other, "dentist", NAME)
    assert (await hints(desk))[-1]["case_id"] == other


async def test_what_is_not_asked_about_is_written_down_by_kind_all_the_same(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", NAME)
    await desk.says(case, "dentist", "Saw Ewan McKenna, all fine.")
    rows = await desk.rows("SELECT details FROM audit_entry WHERE action = 'identifier.found' ORDER BY seq")
    assert len(rows) == 2
    assert all('"kinds":"name"' in row["details"] for row in rows)
    assert '"asked":true' in rows[0]["details"]
    assert '"asked":false' in rows[1]["details"]


async def test_no_word_of_it_stands_anywhere_in_the_clear(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "Sarah Whitcombe, dob 14/03/1991, NHS 9992758228, 07700 900142")
    for table in ("audit_entry", "identifier_hint", "identifier_known", "button", "delivery"):
        every = repr(await desk.rows(f"SELECT * FROM {table}"))
        for word in ("Whitcombe", "whitcombe", "14/03/1991", "9992758228", "07700"):  # 1991 alone may stand in a hash
            assert word not in every, table


async def test_a_nickname_seen_once_is_found_again(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", "Patient named Aisha Rahman, aligner 3.")
    desk.clock.advance(DAY)
    await desk.says(case, "specialist", "what did aisha say about the fit?")
    assert len(await hints(desk)) == 2
    other = await desk.open_case(2)
    await desk.settle()
    await desk.says(other, "dentist", "what did aisha say about the fit?")
    assert len(await hints(desk)) == 2  # the vault is each case's own


async def test_an_edit_is_looked_at_for_what_is_new_in_it(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "dentist", PHONE)
    await edits(desk, message, PHONE + " She prefers evenings.")
    assert len(await hints(desk)) == 1
    await edits(desk, message, PHONE + " Or 0161 496 0338.")
    assert [row["state"] for row in await hints(desk)] == ["void", "asked"]


async def edits(desk: Casework, message_id: MessageId, text: str) -> None:
    def change(unit: Unit) -> None:
        part = messages.settling(unit.tx, message_id, 0)
        assert part is not None
        place = Place("telegram", "", part["chat"], "")
        origin = Origin(place, Account("telegram", "", "700001"), desk.clock.now())
        assert corrections.edit(unit, MessageEdited(origin, part["native_id"], plain(text)), PATEL) is True

    desk.clock.advance(1_000_000)
    await desk.do(change)


async def test_withdrawn_and_sent_again_redacted_as_a_new_message(desk: Casework) -> None:
    case = await opened(desk)
    first = await desk.says(case, "dentist", "Sarah Whitcombe's mobile is 07700 900142. UL2 lags.")
    await desk.settle()
    (hint,) = await hints(desk)
    assert await desk.do(lambda unit: redaction.send_redacted(unit, hint["id"], PATEL)) is None
    await desk.settle()
    rows = await desk.rows("SELECT * FROM message ORDER BY no")
    assert [row["state"] for row in rows] == ["withdrawn", "delivered"]
    assert rows[0]["id"] == first
    assert await words(desk, rows[1]["id"]) == "[name]'s mobile is [phone number]. UL2 lags."
    standing = [one for one in desk.platforms["slack"].shown if not one.deleted]
    assert not any("Whitcombe" in one.text or "900142" in one.text for one in standing)
    assert any(one.text == "[name]'s mobile is [phone number]. UL2 lags." for one in standing)
    assert (await hints(desk))[0]["state"] == "redacted"
    again = await desk.do(lambda unit: redaction.send_redacted(unit, hint["id"], PATEL))
    assert again is not None
    assert again.key == "identifiers.settled"
    assert len(await desk.rows("SELECT id FROM message")) == 2


async def test_a_draft_is_asked_for_the_redacted_words(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", PHONE)
    (hint,) = await hints(desk)
    await desk.do(lambda unit: redaction.send_redacted(unit, hint["id"], PATEL))
    rows = await desk.rows("SELECT message_id FROM draft_job ORDER BY id")
    newest = (await desk.rows("SELECT id FROM message ORDER BY no DESC LIMIT 1"))[0]["id"]
    assert rows[-1]["message_id"] == newest


async def test_a_file_comes_along_and_its_name_is_cleaned(desk: Casework) -> None:
    case = await opened(desk)
    files = [
        InboundFile(f"ref-{n}", f"whitcombe_sarah_{name}.stl", FileKind.DOCUMENT, "model/stl", 10)
        for n, name in enumerate(("upper", "lower"), 1)
    ]
    await desk.says(case, "dentist", PHONE, files=tuple(files))
    first, _ = await desk.rows("SELECT id FROM attachment ORDER BY position")
    await desk.do(
        lambda unit: attachments.stored(unit.tx, first["id"], blob="one", sha256="", size=10, mime="model/stl")
    )
    (hint,) = await hints(desk)
    assert await desk.do(lambda unit: redaction.send_redacted(unit, hint["id"], PATEL)) is None
    rows = await desk.rows(
        "SELECT a.*, m.no FROM attachment a JOIN message m ON m.id = a.message_id ORDER BY m.no, a.position"
    )

    def names(unit: Unit) -> list[str]:
        return [redaction.file_about(unit, row).name for row in rows]

    assert [(row["no"], row["state"]) for row in rows] == [(1, "stored"), (2, "stored"), (2, "to_fetch")]
    assert await desk.units.look(names) == ["whitcombe_sarah_upper.stl", "[name]_upper.stl", "[name]_lower.stl"]


async def test_what_is_fine_is_not_asked_about_again_in_this_case(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", PHONE)
    (hint,) = await hints(desk)
    assert await desk.do(lambda unit: redaction.let_stand(unit, hint["id"], PATEL)) is None
    await desk.says(case, "dentist", "Again: 07700-900142, after six.")
    assert len(await hints(desk)) == 1
    await desk.says(case, "dentist", "Or 0161 496 0338.")
    assert len(await hints(desk)) == 2


async def test_a_name_called_fine_leaves_the_vault(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", NAME)
    (hint,) = await hints(desk)
    await desk.do(lambda unit: redaction.let_stand(unit, hint["id"], PATEL))
    desk.clock.advance(DAY)
    await desk.says(case, "dentist", "Saw Kwame again today.")
    assert len(await hints(desk)) == 1
    assert [row["state"] for row in await desk.rows("SELECT state FROM identifier_known")] == ["fine"]


async def test_the_answer_is_for_the_message_as_it_stands_now(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "dentist", PHONE)
    (hint,) = await hints(desk)
    await edits(desk, message, "Her mobile is on the form.")
    problem = await desk.do(lambda unit: redaction.send_redacted(unit, hint["id"], PATEL))
    assert problem is not None
    assert problem.key == "identifiers.nothing_left"
    assert len(await desk.rows("SELECT id FROM message")) == 1


async def test_a_message_withdrawn_by_hand_is_not_sent_again(desk: Casework) -> None:
    case = await opened(desk)
    message = await desk.says(case, "dentist", PHONE)
    (hint,) = await hints(desk)

    def take_back(unit: Unit) -> None:
        row = messages.get(unit.tx, message)
        assert row is not None
        corrections.withdraw(unit, row)

    await desk.do(take_back)
    problem = await desk.do(lambda unit: redaction.send_redacted(unit, hint["id"], PATEL))
    assert problem is not None
    assert problem.key == "identifiers.withdrawn_before"
    assert len(await desk.rows("SELECT id FROM message")) == 1


async def test_only_the_sender_answers(desk: Casework) -> None:
    case = await opened(desk)
    await desk.says(case, "dentist", PHONE)
    (hint,) = await hints(desk)
    problem = await desk.do(lambda unit: redaction.send_redacted(unit, hint["id"], JOHAL))
    assert problem is not None
    assert problem.key == "identifiers.settled"
    assert (await desk.rows("SELECT state FROM message"))[0]["state"] != "withdrawn"


async def test_the_vault_has_an_end(desk: Casework) -> None:
    case = await opened(desk)
    text = ". ".join(
        f"Patient named Zaq{chr(97 + n // 26)}{chr(97 + n % 26)}u" for n in range(identifiers.MOST_NAMES + 20)
    )
    await desk.says(case, "dentist", text)
    assert len(await desk.rows("SELECT id FROM identifier_known")) == identifiers.MOST_NAMES
    assert isinstance((await lines_for(desk, "dentist"))[-1], Post)
