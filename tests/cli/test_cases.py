"""`chairside cases`, `case`, `assign` and `outbox` over both databases: states and names, never content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.sandbox.faults import Kind
from bot.services.unit import Unit
from tests.support.console import Console
from tests.support.theatre import JOHAL, PATEL, PRACTICE, SAM, SHAH, Theatre, eventually

PEOPLE = PRACTICE + PATEL + JOHAL + SHAH + SAM
CONTENT = ("AB", "gaps between my teeth", "Wedding", "hello from the canary")


def settings(console: Console, play: Theatre) -> None:
    console.env |= {
        "CHAIRSIDE_DATA_DIR": str(play.folder),
        "DATABASE_URL": play.url,
        "CHAIRSIDE_KEY_FILE": str(play.folder / "chairside.key"),
    }


async def test_a_case_from_all_sides(console: Console, tmp_path: Path, bare_url: str) -> None:
    async with Theatre(tmp_path, url=bare_url, roster=PEOPLE) as play:
        settings(console, play)
        assert (await console.aside("cases")).stdout == "No case is open.\n"
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        await dentist.says(CONTENT[3])
        await specialist.sees(CONTENT[3])

        async def answers() -> None:
            listed = await console.aside("cases")
            assert listed.exit_code == 0, listed.output
            line = next(line for line in listed.stdout.splitlines() if ref in line)
            for words in ("open", "patel", "johal, for 0 min", "2027-06-14"):
                assert words in line
            (row,) = json.loads((await console.aside("cases", "--json")).stdout)
            assert (row["ref"], row["owes_reply"], row["messages"]) == (ref, "johal", 1)
            assert row["next_check_in"].endswith("Z")
            assert row["answer_due"].endswith("Z")  # by when
            assert "; due " in line
            shown = (await console.aside("case", ref.removeprefix("C-").lower())).stdout
            if not shown:  # the reference is taken with its letter too
                shown = (await console.aside("case", f"c {ref[2:]}")).stdout
            for words in (ref, "Riverside Dental", "dentist", "telegram", "slack", "open", "fit_progress"):
                assert words in shown
            whole = json.loads((await console.aside("case", ref, "--json")).stdout)
            assert [room["state"] for room in whole["rooms"]] == ["open", "open"]
            assert "fit_progress" in [one["step"] for one in whole["check_ins"]]
            for words in CONTENT:
                assert words not in listed.stdout + shown + json.dumps(whole)

        await answers()
        unknown = await console.aside("case", "C-2222")
        assert (unknown.exit_code, unknown.stderr) == (1, "There is no case C-2222. References look like C-7K3F.\n")

        assert (await console.aside("assign", ref, "nobody")).exit_code == 1
        given = await console.aside("assign", ref, "shah")
        assert given.exit_code == 0, given.output
        assert f"{ref} is with Dr Mira Shah now" in given.stdout
        await dentist.sees("Dr Mira Shah")
        assert (await console.aside("assign", ref, "shah")).exit_code == 1
        assert (await console.aside("assign", ref, "johal")).exit_code == 0

        await play.down()  # the same without a service: the database is opened for reading, and for writing
        await answers_alone(console, ref)


async def answers_alone(console: Console, ref: str) -> None:
    assert json.loads((await console.aside("cases", "--json")).stdout)[0]["ref"] == ref
    assert (await console.aside("assign", ref, "shah")).exit_code == 0
    assert json.loads((await console.aside("case", ref, "--json")).stdout)["specialist"] == "shah"


async def test_dead_deliveries_and_parked_updates(console: Console, tmp_path: Path, bare_url: str) -> None:
    async with Theatre(tmp_path, url=bare_url) as play:
        settings(console, play)
        await play.patel.sees("Welcome")  # settled once it is seen, or a moment later

        async def nothing() -> bool:
            return (await console.aside("outbox")).stdout == "Nothing waits to be sent.\n"

        await eventually(nothing)
        assert (await console.aside("outbox", "--dead")).stdout == "Nothing has died.\n"
        assert (await console.aside("outbox", "losses")).stdout == "Everything arrived as it was written.\n"
        ref = await play.open_case()
        dentist, specialist = await play.rooms(ref)
        play.telegram.faults.add(Kind.DROP_BEFORE, method="sendMessage", times=1)
        await specialist.says(CONTENT[3])
        await dentist.sees(CONTENT[3])
        query = "SELECT id FROM delivery WHERE message_id IS NOT NULL AND state = 'sent'"
        (delivery,) = await eventually(lambda: play.rows(query))

        def die(unit: Unit) -> None:
            """What a poison message and a poison update leave behind."""
            unit.tx.execute("UPDATE delivery SET state = 'failed', error = 'other' WHERE id = :id", delivery)
            unit.tx.execute(
                """INSERT INTO inbox(id, platform, workspace, queue, body_sealed, state, attempts, ready_at,
                                     received_at, error)
                   VALUES (77, 'telegram', '', 'q', :body, 'dead', 3, 0, :now, 'ValueError')""",
                {"body": unit.seal(0, "inbox", "body_sealed", 77, b"{}"), "now": unit.now},
            )

        await play.do(die)
        rows = json.loads((await console.aside("outbox", "--dead", "--json")).stdout)
        assert {(row["id"], row["kind"], row["state"]) for row in rows} == {
            (delivery["id"], "post", "failed"),
            (77, "inbox", "parked"),
        }
        table = (await console.aside("outbox", "--dead")).stdout
        assert ref in table
        assert "ValueError" in table
        assert CONTENT[3] not in table + json.dumps(rows)

        again = await console.aside("outbox", "retry", str(delivery["id"]))
        assert "marked as late" in again.stdout, again.output
        await eventually(lambda: dentist.count(CONTENT[3]) == 2)
        await dentist.sees("sent late")
        assert (await console.aside("outbox", "retry", "77")).stdout == "It is handled anew.\n"

        async def taken() -> bool:
            return not await play.rows("SELECT id FROM inbox WHERE id = 77 AND attempts = 0")

        await eventually(taken)
        await dentist.reacts(await dentist.sees(CONTENT[3]))
        await specialist.sees("reacted")
        (lost,) = json.loads((await console.aside("outbox", "losses", "--json")).stdout)
        assert (lost["kind"], lost["times"], lost["cases"]) == ("reaction_in_words", 1, 1)
        for unknown in ("77777", str(delivery["id"])):
            result = await console.aside("outbox", "retry", unknown)
            assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
        assert (await console.aside("outbox", "retry", "x")).exit_code == 2


async def test_a_reader_stands_beside_a_service_on_another_host(
    console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the socket out of reach a SQLite database is still read; writing is refused in a line."""
    async with Theatre(tmp_path) as play:
        settings(console, play)
        ref = await play.open_case()
        (tmp_path / "control.sock").rename(tmp_path / "elsewhere.sock")
        monkeypatch.setattr("bot.cli.desk.TURN", 0.2)
        assert ref in (await console.aside("cases")).stdout
        refused = await console.aside("roster", "lock", "patel")
        assert refused.exit_code == 2
        assert "another Chairside process" in refused.stderr
        (tmp_path / "elsewhere.sock").rename(tmp_path / "control.sock")
