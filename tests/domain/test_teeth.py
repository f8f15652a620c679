import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.problems import Problem
from bot.domain.teeth import (
    ROWS,
    TEETH,
    UNIVERSAL,
    Arch,
    arch,
    between,
    contacts,
    describe,
    fdi,
    in_order,
    label,
    palmer,
)
from bot.domain.teeth_text import read_teeth
from prompts.wording import say

UPPER_SIX = (13, 12, 11, 21, 22, 23)


@pytest.mark.parametrize(
    ("text", "teeth"),
    [
        # Palmer
        ("UL2", (22,)),
        ("ul2", (22,)),
        ("UL 2", (22,)),
        ("UL-2", (22,)),
        ("U.L.2", (22,)),
        ("LL6", (36,)),
        ("UR1-3", (13, 12, 11)),
        ("UR3–1", (13, 12, 11)),
        ("UR3-UL3", UPPER_SIX),
        ("UR3 to UL3", UPPER_SIX),
        ("UL2, UR1", (11, 22)),
        ("UL2 UR1", (11, 22)),
        ("UL2, 3 and 4", (22, 23, 24)),
        ("UL1/2", (21, 22)),
        ("UL/UR 2", (12, 22)),
        ("UL2, UL2.", (22,)),
        ("ULB", (62,)),
        ("LR e, d", (85, 84)),
        ("ULa-c", (61, 62, 63)),
        ("URC-ULC", (53, 52, 51, 61, 62, 63)),
        # FDI
        ("22", (22,)),
        ("11-13", (13, 12, 11)),
        ("13-23", UPPER_SIX),
        ("13, 12;11\n21 & 22 + 23", UPPER_SIX),
        ("1.3", (13,)),
        ("tooth 36", (36,)),
        ("55-65", ROWS[2]),
        ("74 and 85", (85, 74)),
        ("UL2, 12", (12, 22)),
        # Universal
        ("#10", (22,)),
        ("# 10, #7", (12, 22)),
        ("#6-#11", UPPER_SIX),
        ("#6-11", UPPER_SIX),
        ("#A", (55,)),
        ("#a-#j", ROWS[2]),
        # Palmer brackets
        ("⎿2", (22,)),
        ("2⏌", (12,)),
        ("21⏌⎿12", (12, 11, 21, 22)),
        ("⎾3", (33,)),
        ("3⏋", (43,)),
        ("3┘ └3", (13, 23)),
        ("⌊2, 3", (22, 23)),
        ("⎿1-3", (21, 22, 23)),
        ("3-1⏌", (13, 12, 11)),
        ("UL2, 3-1⏌", (13, 12, 11, 22)),
        ("⎿b", (62,)),
        ("c⏌", (53,)),
        # Words
        ("upper left 2", (22,)),
        ("Upper Left lateral incisor", (22,)),
        ("upper left lateral", (22,)),
        ("left upper 2", (22,)),
        ("lower right canine", (43,)),
        ("upper left first premolar", (24,)),
        ("UL 2nd premolar", (25,)),
        ("lower left 1st molar", (36,)),
        ("upper right wisdom tooth", (18,)),
        ("maxillary right central incisor", (11,)),
        ("upper L2", (22,)),
        ("upperleft2", (22,)),
        ("upper left deciduous canine", (63,)),
        ("upper left e", (65,)),
        ("baby lower right 1st molar", (84,)),
        ("upper left 2 and right 3", (13, 22)),
        ("upper left and right 2", (12, 22)),
        ("upper left 2, lower right 3", (22, 43)),
        ("UL central and lateral", (21, 22)),
        ("lower left 3 to lower right 3", (43, 42, 41, 31, 32, 33)),
        ("UL2 (22)", (22,)),
        ("UR3–UL3 (13–23), LR3 (43)", (*UPPER_SIX, 43)),
        ("UR 654", (16, 15, 14)),
        ("UL first and second premolar", (24, 25)),
        ("UL first premolar, second premolar", (24, 25)),
        ("upper first and second premolars", (15, 14, 24, 25)),
        ("upper right central and lateral incisors", (12, 11)),
        ("left lower canine and premolars", (33, 34, 35)),
        # Both sides
        ("upper canine to canine", UPPER_SIX),
        ("lower first molar to first molar", tuple(t for t in ROWS[1] if t % 10 <= 6)),
        ("lower 3-3", (43, 42, 41, 31, 32, 33)),
        ("L3-3", (43, 42, 41, 31, 32, 33)),
        ("U2-2", (12, 11, 21, 22)),
        ("upper and lower 1-1", (11, 21, 41, 31)),
        ("both upper 2s", (12, 22)),
        ("all upper 2s", (12, 22)),
        ("upper 2's and 3s", (13, 12, 22, 23)),
        ("upper canines", (13, 23)),
        ("upper and lower canines", (13, 23, 43, 33)),
        ("lower incisors", (42, 41, 31, 32)),
        ("upper centrals and laterals", (12, 11, 21, 22)),
        ("upper central incisors", (11, 21)),
        ("upper left premolars", (24, 25)),
        ("upper first premolars", (14, 24)),
        ("lower front teeth", (43, 42, 41, 31, 32, 33)),
    ],
)
def test_read(text: str, teeth: tuple[int, ...]) -> None:
    assert read_teeth(text) == teeth


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "none"),
        (" , ", "none"),
        ("2", "which_one"),
        ("3-3", "which_one"),
        ("upper 2", "which_one"),
        ("lower 4-5", "which_one"),
        ("upper canine", "which_one"),
        ("canine", "which_one"),
        ("upper left incisor", "which_one"),
        ("UL premolar", "which_one"),
        ("premolar", "say_which"),
        ("canines", "say_which"),
        ("7s", "say_which"),
        ("upper molars", "say_which"),
        ("22, 3", "which_one"),
        ("13-3", "which_one"),
        ("UL23", "joined"),
        ("UL12", "joined"),
        ("UL19", "no_such_tooth"),
        ("upper left 22", "joined"),
        ("19", "no_such_tooth"),
        ("UL9", "no_such_tooth"),
        ("9", "no_such_tooth"),
        ("0", "no_such_tooth"),
        ("56", "no_such_tooth"),
        ("123", "no_such_tooth"),
        ("#33", "no_such_tooth"),
        ("#0", "no_such_tooth"),
        ("#10, 11", "hash"),
        ("13-33", "range"),
        ("UR3-3", "range"),
        ("UR3-53", "range"),
        ("UL third premolar", "unreadable"),
        ("UL", "unreadable"),
        ("upper left", "unreadable"),
        ("left 3", "unreadable"),
        ("b", "unreadable"),
        ("upper 33", "unreadable"),
        ("not UL2", "unreadable"),
        ("UL2 (mobile)", "unreadable"),
        ("UL2 (23)", "unreadable"),
        ("UL2 (22", "unreadable"),
        ("UL2, canines", "say_which"),
        ("UL3 & 4s", "say_which"),
        ("canine to canine", "which_one"),
        ("UL first", "unreadable"),
        ("UR 664", "unreadable"),
        ("UL2 except UL3", "unreadable"),
        ("⎿22", "unreadable"),
        ("UL2, 3, 2⏌", "which_one"),
        ("⎿", "unreadable"),
        ("11-12-13", "unreadable"),
        ("whole arch", "unreadable"),
        ("UL upper 2", "unreadable"),
        ("ULnine", "unreadable"),
        ("½", "unreadable"),
    ],
)
def test_ambiguous_or_unreadable(text: str, name: str) -> None:
    problem = read_teeth(text)
    assert isinstance(problem, Problem)
    assert problem.key == f"teeth.problem.{name}"
    assert say(problem.key, **problem.values)


def test_problem_quotes_the_part_and_the_choices() -> None:
    problem = read_teeth("UL2, upper canine, 13")
    assert problem == Problem.of("teeth.problem.which_one", part="upper canine", options=["UR3", "UL3"])
    assert say(problem.key, **problem.values) == "“upper canine” could be UR3 or UL3. Please write which."


def test_echo() -> None:
    assert label(22) == "UL2 (22)"
    assert label(62) == "ULB (62)"
    assert describe((22,)) == "UL2 (22)"
    assert describe((43, 22, 11, 21)) == "UR1–UL2 (11–22), LR3 (43)"
    assert describe((12, 11, 23)) == "UR2 (12), UR1 (11), UL3 (23)"
    assert describe(()) == ""


@given(st.sets(st.sampled_from(sorted(TEETH)), min_size=1))
def test_the_echo_reads_back(chosen: set[int]) -> None:
    assert read_teeth(describe(chosen)) == in_order(chosen)


def test_tables() -> None:
    assert len(TEETH) == 52
    assert sorted(UNIVERSAL.values()) == sorted(TEETH)
    assert (UNIVERSAL["1"], UNIVERSAL["16"], UNIVERSAL["17"], UNIVERSAL["32"]) == (18, 28, 38, 48)
    assert (UNIVERSAL["A"], UNIVERSAL["J"], UNIVERSAL["K"], UNIVERSAL["T"]) == (55, 65, 75, 85)
    assert {arch(tooth) for tooth in ROWS[0] + ROWS[2]} == {Arch.UPPER}
    assert {arch(tooth) for tooth in ROWS[1] + ROWS[3]} == {Arch.LOWER}
    assert fdi(2, 2) == 22
    assert fdi(2, 2, primary=True) == 62
    assert fdi(2, 9) is None
    assert fdi(2, 6, primary=True) is None
    assert contacts((43, 42, 31, 41, 13)) == ((43, 42), (42, 41), (41, 31))


teeth = st.sampled_from(sorted(TEETH))


@given(st.lists(teeth, min_size=1, max_size=8))
def test_every_notation_agrees(chosen: list[int]) -> None:
    american = {tooth: name for name, tooth in UNIVERSAL.items()}
    expected = in_order(chosen)
    assert read_teeth(", ".join(map(str, chosen))) == expected
    assert read_teeth(" ".join(map(palmer, chosen))) == expected
    assert read_teeth("; ".join(map(palmer, chosen)).lower()) == expected
    assert read_teeth(" and ".join(f"#{american[tooth]}" for tooth in chosen)) == expected


@given(teeth, teeth)
def test_ranges_agree_in_both_directions(first: int, last: int) -> None:
    whole = between(first, last)
    assert whole == between(last, first)
    for text in (f"{first}-{last}", f"{palmer(last)} - {palmer(first)}"):
        read = read_teeth(text)
        if whole is None or first == last:
            assert isinstance(read, Problem)
        else:
            assert read == whole


@given(st.text(alphabet="ULRlr #123459ae-,/.⎿⏌upperleftcanine\n", max_size=30) | st.text(max_size=30))
def test_never_fails_and_never_invents(text: str) -> None:
    read = read_teeth(text)
    if isinstance(read, Problem):
        assert say(read.key, **read.values)
    else:
        assert read
        assert set(read) <= TEETH
        assert read == in_order(read)
