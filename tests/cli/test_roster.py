"""`chairside roster`: the same whether a service runs or not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.cli import output
from bot.sandbox.telegram import FakeTelegram
from tests.support.console import Console
from tests.support.theatre import ROSTER, Theatre, eventually


def test_import_twice_changes_nothing_the_second_time(console: Console, roster: Path) -> None:
    first = console.ok("roster", "import", str(roster))
    assert "The roster lists 3 people." in first
    assert "New: patel, johal and ops" in first
    assert "Accounts connected: patel, johal and ops" in first
    assert console.ok("roster", "import", str(roster)) == "The roster lists 3 people.\n"
    assert (console.folder / "data").stat().st_mode & 0o777 == 0o700
    assert (console.folder / "data" / "chairside.key").stat().st_mode & 0o777 == 0o600


def test_what_changes_and_who_is_gone_is_named(console: Console, roster: Path) -> None:
    console.ok("roster", "import", str(roster))
    fewer = "\n".join(line for line in ROSTER.splitlines() if "id: ops" not in line)
    roster.write_text(fewer.replace("capacity: 25", "capacity: 20"))
    said = console.ok("roster", "import", str(roster))
    assert "Changed: johal" in said
    assert "No longer listed (open cases go on, no new ones come): ops" in said
    assert "no longer listed" in console.ok("roster", "list")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("people:\n  - {id: X Y, name: Sam, role: boss}\n", ["line 2: “X Y” does not work", "line 2: “boss” is not"]),
        ("people: [\n", ["line 2: Not readable as YAML"]),
        ("", ["line 1: The file is empty"]),
        (
            "practices:\n  - {name: A}\npeople:\n  - {id: a, name: A B, role: dentist, practice: B}\n",
            ["line 4: There is no practice “B”"],
        ),
    ],
)
def test_a_faulty_file_is_not_taken(console: Console, roster: Path, text: str, lines: list[str]) -> None:
    roster.write_text(text)
    result = console.run("roster", "import", str(roster))
    assert result.exit_code == 2
    for line in lines:
        assert f"{roster}: {line}" in result.stderr
    assert not (console.folder / "data" / "chairside.db").exists()


def test_a_file_against_what_is_known_is_refused_with_its_line(console: Console, roster: Path) -> None:
    console.ok("roster", "import", str(roster))
    roster.write_text("people:\n  - {id: ops, name: Sam Reid, role: specialist, slack: T0001/U0003}\n")
    result = console.run("roster", "import", str(roster))
    assert result.exit_code == 2
    assert "line 2: ops is listed as coordinator already" in result.stderr


def test_an_account_the_roster_names_no_more_is_named_until_it_is_taken_away(console: Console, roster: Path) -> None:
    console.ok("roster", "import", str(roster))
    roster.write_text(ROSTER.replace("telegram: 700001", "telegram: 700009"))
    said = console.ok("roster", "import", str(roster))
    assert "Accounts connected: patel" in said
    assert "Still connected, though the roster names them no more: patel telegram:700001. To take one away" in said
    assert "Theirs are: telegram:700001, telegram:700009" in console.run("roster", "unlink", "patel", "slack:x").stderr
    gone = console.ok("roster", "unlink", "patel", "telegram:700001")
    assert gone == (
        "telegram:700001 is no account of Dr Asha Patel any more: nothing it sends counts, and nothing goes there.\n"
    )
    assert console.ok("roster", "import", str(roster)) == "The roster lists 3 people.\n"
    assert "700001" not in console.ok("roster", "list")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read(console: Console, content: bytes | None) -> None:
    if content is not None:
        (console.folder / "people.yaml").write_bytes(content)
    result = console.run("roster", "import", "people.yaml")
    assert result.exit_code == 2
    assert "people.yaml: cannot be read" in result.stderr


def test_list_as_table_and_as_json(console: Console, roster: Path) -> None:
    assert console.run("roster", "list").exit_code == 2  # no database yet, and none is made
    assert not (console.folder / "data").exists()
    console.ok("roster", "import", str(roster))
    table = console.ok("roster", "list").splitlines()
    assert table[0].split() == ["handle", "name", "role", "practice", "accounts", "load", "note"]
    assert any(re.search(r"johal +Dr Amar Johal +specialist +slack T0001/U0002 +0/25", line) for line in table)
    assert any("has not pressed Start yet" in line and "patel" in line for line in table)
    people = {row["handle"]: row for row in json.loads(console.ok("roster", "list", "--json"))}
    assert people["patel"]["accounts"] == [
        {"platform": "telegram", "user": "700001", "state": "active", "reachable": None}
    ]
    assert people["johal"]["expertise"] == ["rotations", "open-bite"]
    assert (people["ops"]["reach"], people["patel"]["reach"]) == ("", "not_started")


def test_capacity_away_back_lock_unlock(console: Console, roster: Path) -> None:
    console.ok("roster", "import", str(roster))
    assert "up to 4 open cases" in console.ok("roster", "capacity", "@Johal", "4")
    said = console.ok("roster", "away", "johal", "14 June 2027", "2027-06-21")
    assert "from 14 June 2027 to 21 June 2027" in said
    assert "is back" in console.ok("roster", "back", "johal")
    assert "was not away" in console.ok("roster", "back", "johal")
    assert "on hold" in console.ok("roster", "lock", "johal")
    assert "on hold" in console.ok("roster", "list")
    assert "no longer on hold" in console.ok("roster", "unlock", "johal")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("capacity", "nobody", "4"), "“nobody”"),
        (("capacity", "patel", "4"), "not a specialist"),
        (("capacity", "johal", "9999"), "from 0 to 500"),
        (("away", "johal", "yesterday-ish", "then"), "yesterday-ish"),
        (("away", "johal", "2020-01-01", "2020-01-02"), ""),
        (("away", "johal", "2027-06-14", "2027-06-15", "--cover", "patel"), "cannot cover"),
        (("unlock", "johal"), "not on hold"),
        (("invite", "nobody"), "“nobody”"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    console: Console, roster: Path, args: tuple[str, ...], words: str
) -> None:
    console.ok("roster", "import", str(roster))
    result = console.run("roster", *args)
    assert result.exit_code == 1, result.output
    assert len(result.stderr.splitlines()) == 1
    assert words in result.stderr


def test_invite_without_telegram_gives_the_words_to_type(console: Console, roster: Path) -> None:
    console.ok("roster", "import", str(roster))
    said = console.ok("roster", "invite", "patel")
    code = re.search(r"/start ([\w-]{22})\n", said)
    assert code is not None
    assert f"/case link {code[1]}" in said
    assert code[1].encode() not in (console.folder / "data" / "chairside.db").read_bytes()  # only its keyed hash


async def test_invite_asks_telegram_for_the_bots_name_and_draws_the_link(
    console: Console, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeTelegram() as telegram:
        console.env |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        assert (await console.aside("roster", "import", str(roster))).exit_code == 0
        monkeypatch.setattr(output, "on_terminal", lambda: True)
        said = (await console.aside("roster", "invite", "patel")).stdout
        asked = len(telegram.requests)
        assert "https://t.me/chairside_sandbox_bot?start=" in said
        assert "█" in said or "▀" in said  # the picture of the link
        assert (await console.aside("roster", "invite", "patel")).exit_code == 0
        assert len(telegram.requests) == asked  # the name is known by now


async def test_a_running_service_does_it_itself(console: Console, tmp_path: Path) -> None:
    """SQLite is locked by the service, so whatever works here went through its socket."""
    async with Theatre(tmp_path) as play:
        console.env |= {"CHAIRSIDE_DATA_DIR": str(tmp_path), "DATABASE_URL": play.url}
        assert "Dr Amar Johal" in (await console.aside("roster", "list")).stdout
        assert (await console.aside("roster", "capacity", "johal", "3")).exit_code == 0
        assert (await play.rows("SELECT capacity FROM person WHERE handle = 'johal'"))[0]["capacity"] == 3
        refused = await console.aside("roster", "capacity", "patel", "3")
        assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)

        # The service writes the bot's name down as soon as Telegram has told it.
        await eventually(lambda: play.rows("SELECT value FROM service_setting WHERE name = 'telegram.username'"))
        said = (await console.aside("roster", "invite", "patel")).stdout
        assert "https://t.me/chairside_sandbox_bot?start=" in said
        newcomer = play.telegram.user(700009)
        code = re.search(r"start=([\w-]+)", said)
        assert code is not None
        await newcomer.start(code[1])
        await newcomer.sees("Sam is checking that it's you")
        await play.sam.sees("has used their invitation from Telegram account 700009")

        assert (await console.aside("roster", "lock", "patel")).exit_code == 0
        (lane,) = await play.rows("SELECT paused FROM lane WHERE user_ref = '700001'")
        assert lane["paused"] == "locked"


def test_no_control_characters_reach_the_terminal() -> None:
    assert output.clean("Dr \x1b[31mRed\x07 \u202eevil\n") == "Dr  [31mRed   evil "
