"""What the identifier guard finds, and above all what it leaves alone."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.identifier_names import in_file_name
from bot.domain.identifier_numbers import nhs_number
from bot.domain.identifier_types import Certainty, Kind, Known, folded
from bot.domain.identifiers import find, is_full_name, kinds, pressing

TODAY = date(2026, 6, 1)
PARTIES = Known(exempt=("Dr Asha Patel", "Dr Amar Johal", "Riverside Dental"))


def seen(text: str, known: Known = PARTIES) -> list[tuple[str, str]]:
    """Kind and text of each finding."""
    return [(one.kind.value, text[one.start : one.end]) for one in find(text, TODAY, known)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mrs Okafor called back", "Mrs Okafor"),
        ("mr okafor called back", "mr okafor"),
        ("MISS OKAFOR IS LATE", "MISS OKAFOR"),
        ("Mr. and Mrs. Pemberton are in", "Mr. and Mrs. Pemberton"),
        ("Mrs Baker is tracking", "Mrs Baker"),
        ("patient named Chidi, 34", "Chidi"),
        ("pt name: chidi eze, bruxist", "chidi eze"),
        ("her daughter, Orla, wants the same", "Orla"),
        ("Could you ask Ms van der Berg?", "Ms van der Berg"),
        ("This is Siân O’Connor-Łukasz again", "Siân O’Connor-Łukasz"),
        ("OKAFOR, Philippa - aligner 3", "OKAFOR, Philippa"),
        ("J. R. Abernathy has a gap", "J. R. Abernathy"),
        ("Kwame rang", "Kwame"),
        ("Kwame's retainer broke", "Kwame"),
        ("UL2 lags. Kwame and her sister both", "Kwame"),
        ("what about Kwame?", "Kwame"),
        ("Grace says it hurts", "Grace"),
        ("Grace Okonkwo is at 7", "Grace Okonkwo"),
        ("Will Kwame be in?", "Kwame"),
        ("from 14 June Kwame wears 8", "Kwame"),
        ("Harriet Bolton is at 7", "Harriet Bolton"),
        ("Kwame – tray 9 next", "Kwame"),
        ("kwame's mum asks", "kwame"),
        ("file okafor_chidi_upper.stl sent", "okafor_chidi"),
        ("see ChidiOkafor.jpg", "ChidiOkafor"),
        ("Hi Kwame Mensah is at 7", "Kwame Mensah"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert seen(text) == [("name", name)]


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("DOB 14/03/1991", Kind.BIRTH_DATE, "14/03/1991"),
        ("d.o.b. 2.11.88", Kind.BIRTH_DATE, "2.11.88"),
        ("born on the 1st of Feb 1979", Kind.BIRTH_DATE, "1st of Feb 1979"),
        ("date of birth: 1985-07-09", Kind.BIRTH_DATE, "1985-07-09"),
        ("dob 12 3 90", Kind.BIRTH_DATE, "12 3 90"),
        ("March 4th, 1990 (dob)", Kind.BIRTH_DATE, "March 4th, 1990"),
        ("NHS 999 137 9118", Kind.NHS_NUMBER, "999 137 9118"),
        ("999-137-9118 on the form", Kind.NHS_NUMBER, "999-137-9118"),
        ("nhs number 9991379117, perhaps mistyped", Kind.NHS_NUMBER, "9991379117"),
        ("ring 07700 900142", Kind.PHONE, "07700 900142"),
        ("(0161) 496 0338", Kind.PHONE, "(0161) 496 0338"),
        ("+44 (0)7700 900142", Kind.PHONE, "+44 (0)7700 900142"),
        ("+353 1 555 0142", Kind.PHONE, "+353 1 555 0142"),
        ("mobile 7700 900142", Kind.PHONE, "7700 900142"),
        ("write to a.b-c@mail.example.co.uk.", Kind.EMAIL, "a.b-c@mail.example.co.uk"),
        ("k dot mensah? kmensah at example dot com", Kind.EMAIL, "kmensah at example dot com"),
        ("at Flat 3, 118 Harbour Road today", Kind.ADDRESS, "Flat 3, 118 Harbour Road"),
        ("she lives at 22 alder close now", Kind.ADDRESS, "22 alder close"),
        ("he moved to Rose Cottage, Mill Lane", Kind.ADDRESS, "Rose Cottage, Mill Lane"),
        ("that is LS6 3QF", Kind.POSTCODE, "LS6 3QF"),
        ("postcode m145tp", Kind.POSTCODE, "m145tp"),
        ("LL57 2DG", Kind.POSTCODE, "LL57 2DG"),
    ],
)
def test_other_kinds(text: str, kind: Kind, part: str) -> None:
    assert seen(text) == [(kind.value, part)]


@pytest.mark.parametrize(
    "text",
    [
        # teeth, scores, trays, amounts
        "UL2 lags 0.5 mm, LR3-LR4 IPR 0.2 0.3 0.2 0.1 0.2, BPE 323/242, 13-12 and 12-11.",
        "LL4 2nd visit, W3 8 hr wear, w3 8hr wear, shade B1, E max on 12. Aligner 12 of 22, tray 18/26.",
        "LL2 3MM and LL5 1ST",
        "Class II div 1, ANB 4, UI/MxP 118, curve of Spee 3 mm",
        # dates of visits and events, months
        "Seen 12/05/1998 for the extraction? OPG of 01.02.2001, letter dated 2 April 2015.",
        "Wedding 14 June 2027, next visit 9 June. May we finish by April? June was the plan.",
        "Saw him on 12/05/25, fitted 3rd September 2024",
        # eponyms, makes, medicines, places
        "Would a Hawley do, an Essix, or Begg or Damon? Angle Class I, Little's index 5.5, Bolton 2.1.",
        "She wants Invisalign; my Trios export failed, the Medit i700 too. Oral-B is fine.",
        "On Alendronic Acid, Ramipril, Amoxicillin and something ending in Zoxaprazole.",
        "He was in Leeds, flies to Malta on Friday, back from Corfu by Easter.",
        "Paul Gange's protocol, the Dontrix gauge, Tanaka Johnston analysis.",
        "Iliadi et al. say 0.25 a stage, Karras 2021 too.",
        # the parties, their practice, colleagues, those addressed
        "Dr Patel to Dr Johal: Amar, Asha here, at Riverside Dental.",
        "Mr Johal, is that fine? Amar Johal's plan is.",
        "Dr Helen Marsh referred her; Prof Harrington and Nurse Kelly agree.",
        "Hi Samira, good morning. Thanks Tomasz!",
        # numbers that are no identifiers
        "Invoice 20250117, lot number 4471902, GDC ref 88213, case DUO-2025-00417.",
        "Order 9991379118 came, call 999 or 111.",
        "0.2 0.3 0.2 0.1 0.2 0.25",
        # shapes
        "IMG_2034.jpg, scan_final_v2.stl, upper-arch.ply, WhatsApp Image 2025.jpeg",
        "CARRY ON WITH TRAY SEVEN PLEASE AND RESCAN AFTER",
        "https://example.org/Sarah-Whitcombe/plan and www.example.org/Kwame",
        "I'm in, I'd say. It's fine. She's 34. He's keen. OK. Portal has bounced my scan.",
        "22 Will place, 4 weeks way, gap 2 close",
        "",
        "   \n\n",
    ],
)
def test_left_alone(text: str) -> None:
    assert seen(text) == []


def test_a_date_beside_a_name_is_a_birth_date_only_if_it_can_be_one() -> None:
    assert ("birth_date", "23/8/94") in seen("PATEL, Rina (23/8/94) aligner 6")
    assert ("birth_date", "19.06.1974") in seen("Pt is Farouk El-Masri, 19.06.1974, fit and well")
    assert seen("Farouk El-Masri, 19.06.2025") == [("name", "Farouk El-Masri")]
    assert seen("Farouk El-Masri, seen 19.06.1998") == [("name", "Farouk El-Masri")]
    assert seen("Farouk El-Masri. 19.06.1998") == [("name", "Farouk El-Masri")]


def test_the_vault_finds_a_nickname_again() -> None:
    sure, guess = Known(sure=("Aisha Rahman",)), Known(seen=("Kwame",))
    assert seen("what did aisha's scan show", sure) == [("name", "aisha")]
    assert seen("rahman aisha again", sure) == [("name", "rahman aisha")]
    assert seen("where is kwame", guess) == []
    assert seen("UL2, Kwame, next", guess) == [("name", "Kwame")]
    # a name that is a word of the language needs its capital, in mid-sentence
    grace = Known(sure=("Grace Okonkwo",))
    assert seen("by the grace of wax", grace) == []
    assert seen("so Grace it is", grace) == [("name", "Grace")]


def test_what_was_called_fine_is_left_alone() -> None:
    text = "ring 07700-900142 or 0161 496 0338"
    fine = Known(fine=frozenset({(Kind.PHONE, folded(Kind.PHONE, "07700 900142"))}))
    assert seen(text, fine) == [("phone", "0161 496 0338")]


def test_a_patient_may_share_a_party_s_surname() -> None:
    assert seen("Rina Patel is late") == [("name", "Rina Patel")]
    assert seen("Mrs Patel is late") == []


@pytest.mark.parametrize("digits", ["9991379118", "9992758228", "9994137336", "9995516446"])
def test_modulus_11(digits: str) -> None:
    assert nhs_number(digits)
    others = [digits[:9] + str(last) for last in range(10) if str(last) != digits[9]]
    assert not any(nhs_number(other) for other in others)
    assert not nhs_number(digits[:9])
    assert not nhs_number("1111111111")
    assert not nhs_number("99913791１8")  # a digit, but not one of ours


def test_certainty() -> None:
    def how(text: str) -> set[Certainty]:
        return {one.certainty for one in find(text, TODAY)}

    assert how("Mrs Okafor") == how("dob 14/03/1991") == how("LS6 3QF") == {Certainty.SURE}
    assert how("Is Kwame in?") == how("nhs number 9991379117") == {Certainty.LIKELY}


def test_kinds_and_what_presses() -> None:
    def presses(text: str) -> bool:
        return pressing(text, find(text, TODAY))

    text = "Sarah Whitcombe, dob 14/03/1991"
    assert kinds(find(text, TODAY)) == (Kind.NAME, Kind.BIRTH_DATE)
    assert presses(text)
    assert not presses("Kwame, dob 14/03/1991")
    assert not presses("Sarah Whitcombe is late")
    assert not presses("dob 14/03/1991")
    assert presses("07700 900142")
    assert presses("LS6 3QF")
    assert is_full_name("J. Abernathy")
    assert not is_full_name("Mrs Okafor")


def test_file_names() -> None:
    def parts(name: str) -> list[str]:
        return [name[one.start : one.end] for one in in_file_name(name)]

    assert parts("whitcombe_sarah_occlusal") == ["whitcombe_sarah"]
    assert parts("Kwame-smile-2025") == ["Kwame"]
    assert parts("upper_left_scan_03") == []
    assert parts("DSC_1234") == []


def test_a_very_long_text_is_looked_at_to_its_bound() -> None:
    assert find("x" * 19_000 + " 07700 900142 ", TODAY)
    assert find("x " * 15_000 + "07700 900142", TODAY) == ()
