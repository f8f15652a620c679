"""Links to large files, and files that wait for their sender's word, over both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.events import FileKind, InboundFile
from bot.domain.filetypes import DCM, PDF, STL
from bot.domain.ids import CaseId
from bot.domain.problems import Problem
from bot.ports.blobs import StoredBlob
from bot.services import identity, large_files, links, people, pictures, relay
from bot.services.links import Awaited, Readable
from bot.services.unit import Unit
from tests.support.casework import JOHAL, PATEL, SHAH, Casework

DAY = 86_400_000_000
MB = 1_000_000
SCAN = StoredBlob("a" * 32, 200 * MB, b"\1" * 32)
PICTURE = StoredBlob("b" * 32, 300_000, b"\2" * 32)
NAMED = (("name", "Whitcombe^Sarah"), ("birth_date", "19870304"))


@pytest.fixture
def office(desk: Casework) -> Casework:
    """The practice with an address of its own; the next links' secrets are `token-1`, `token-2` …"""
    desk.units.rules = replace(desk.units.rules, public_url="https://chairside.example.org")
    return desk


def scan(size: int = 200 * MB, name: str = "upper.stl") -> InboundFile:
    return InboundFile("ref", name, FileKind.DOCUMENT, "model/stl", size)


async def token_of(desk: Casework, action: str) -> str:
    """The secret of the newest link; the tests' tokens are numbers, so it is the one whose hash is there."""
    rows = await desk.rows(f"SELECT token_hash FROM button WHERE action = '{action}' ORDER BY made_at DESC, token_hash")
    hashes = [row["token_hash"] for row in rows]

    def find(unit: Unit) -> str:
        found = [f"token-{n}" for n in range(60, 0, -1) if unit.hash("button", f"token-{n}") in hashes]
        return found[0]

    return await desk.units.look(find)


async def told(desk: Casework, case: CaseId, side: str) -> list[str]:
    await desk.settle()
    seat = await desk.seat(case, side)
    return [one.text for one in desk.platforms[seat["platform"]].shown if one.place.chat == seat["chat"]]


async def opened(desk: Casework, token: str) -> Awaited | Problem:
    return await desk.do(lambda unit: links.awaited(unit, token))


async def test_a_large_file_comes_over_its_link_once_and_becomes_a_message(office: Casework) -> None:
    case = await office.open_case()
    await office.says(case, "dentist", "The upper arch", files=(scan(),))
    token = await token_of(office, large_files.UPLOAD)
    found = await opened(office, token)
    assert isinstance(found, Awaited)
    assert (found.no, found.limit, found.ref) == (1, 1000 * MB, "C-7K01")
    no = await office.do(lambda unit: links.arrived(unit, token, STL, SCAN, "Sarah Whitcombe.stl"))
    assert no == 2
    again = await office.do(lambda unit: links.arrived(unit, token, STL, SCAN, "upper.stl"))
    assert isinstance(again, Problem)
    rows = await office.rows("SELECT state, reason, size FROM attachment ORDER BY id")
    assert [(row["state"], row["reason"]) for row in rows] == [("refused", "came_by_link"), ("stored", "renamed")]
    said = await told(office, case, "dentist")
    assert "The file with #1 is here and goes on as #2." in said
    actions = await office.rows("SELECT action, details FROM audit_entry")
    assert {"file.upload_offered", "file.uploaded", "file.stored"} <= {row["action"] for row in actions}
    assert not [row for row in actions if token in row["details"]]


async def test_a_link_ends_with_its_reason(office: Casework) -> None:
    cases = [await office.open_case(number) for number in range(1, 6)]
    tokens = []
    for case in cases:
        await office.says(case, "dentist", "", files=(scan(),))
        tokens.append(await token_of(office, large_files.UPLOAD))
    assert len(set(tokens)) == 5
    await office.reassign(cases[0], SHAH)
    await office.do(
        lambda unit: unit.tx.execute("UPDATE message SET state = 'withdrawn' WHERE case_id = :c", {"c": cases[1]})
    )
    await office.do(
        lambda unit: unit.tx.execute("UPDATE case_file SET state = 'closed' WHERE id = :c", {"c": cases[2]})
    )
    keys = [found.key if isinstance(found := await opened(office, token), Problem) else "" for token in tokens]
    assert keys == ["large.link.changed", "large.link.gone", "large.link.closed", "", ""]
    office.clock.advance(DAY + 1)
    found = await opened(office, tokens[3])
    assert isinstance(found, Problem)
    assert found.key == "large.link.expired"
    assert not isinstance(await office.do(lambda unit: people.lock(unit, "patel", "ops")), Problem)
    found = await opened(office, tokens[4])
    assert isinstance(found, Problem)
    assert found.key in ("large.link.locked", "large.link.used")
    assert isinstance(await opened(office, "token-999"), Problem)


async def test_a_fresh_upload_link_ends_the_old_one_and_is_for_its_sender_alone(office: Casework) -> None:
    case = await office.open_case()
    await office.says(case, "dentist", "", files=(scan(),))
    old = await token_of(office, large_files.UPLOAD)
    (row,) = await office.rows("SELECT id FROM attachment")
    renew = large_files.UPLOAD
    assert isinstance(await office.do(lambda unit: large_files.renew(unit, renew, row["id"], JOHAL)), Problem)
    assert await office.do(lambda unit: large_files.renew(unit, renew, row["id"], PATEL)) is None
    assert isinstance(await opened(office, old), Problem)
    fresh = await token_of(office, large_files.UPLOAD)
    assert isinstance(await opened(office, fresh), Awaited)
    assert isinstance(await office.do(lambda unit: links.readable(unit, fresh)), Problem)  # not for reading


async def test_reading_a_file_over_its_link_is_written_down(office: Casework) -> None:
    case = await office.open_case()
    await office.says(case, "specialist", "The set-up", files=(scan(),))
    (row,) = await office.rows("SELECT id FROM attachment")
    await office.do(lambda unit: _stored(unit, row["id"], SCAN))
    said = await told(office, case, "dentist")
    assert any("“upper.stl” (200 MB) is larger than Telegram takes." in text for text in said)
    token = await token_of(office, large_files.DOWNLOAD)
    for reading in (False, True):
        found = await office.do(lambda unit, reading=reading: links.readable(unit, token, reading=reading))  # type: ignore[misc]
        assert isinstance(found, Readable)
        assert (found.name, found.size, found.reader, found.blob) == ("upper.stl", SCAN.size, PATEL, SCAN.name)
        read = await office.rows("SELECT actor FROM audit_entry WHERE action = 'file.read'")
        assert [entry["actor"] for entry in read] == [f"person:{PATEL}"] * reading
    assert isinstance(await opened(office, token), Problem)  # not for bringing one


def _stored(unit: Unit, attachment: int, blob: StoredBlob, kind: Any = STL) -> None:
    relay.file_stored(unit, attachment, kind, blob=blob.name, sha256=blob.sha256.hex(), size=blob.size)


async def held(desk: Casework, case: CaseId, words: str) -> int:
    """A DICOM file came and waits for its sender."""
    await desk.says(case, "dentist", words, files=(scan(5 * MB, "scan.dcm"),))
    rows = await desk.rows("SELECT id FROM attachment ORDER BY id DESC")
    attachment = int(rows[0]["id"])

    def work(unit: Unit) -> None:
        _stored(unit, attachment, replace(SCAN, size=5 * MB), DCM)
        identity.hold(unit, attachment, NAMED)

    await desk.do(work)
    return attachment


async def test_a_file_waits_for_its_sender_and_holds_up_nothing(desk: Casework) -> None:
    case = await desk.open_case()
    attachment = await held(desk, case, "")
    await desk.says(case, "dentist", "More to come")
    assert "More to come" in await told(desk, case, "specialist")
    asked = [text for text in await told(desk, case, "dentist") if "may point at the patient" in text]
    assert len(asked) == 1
    assert "a name (W… S…) and a date of birth (1…)" in asked[0]
    assert isinstance(await desk.do(lambda unit: identity.send(unit, attachment, JOHAL)), Problem)
    assert await desk.do(lambda unit: identity.send(unit, attachment, PATEL)) is None
    assert isinstance(await desk.do(lambda unit: identity.send(unit, attachment, PATEL)), Problem)
    await desk.settle()
    rows = await desk.rows("SELECT state FROM message ORDER BY no")
    assert [row["state"] for row in rows] == ["delivered", "delivered"]


async def test_what_is_kept_back_belongs_to_nobody_any_more(desk: Casework) -> None:
    case = await desk.open_case()
    attachment = await held(desk, case, "")
    await desk.settle()
    assert await desk.do(lambda unit: identity.drop(unit, attachment, PATEL)) is None
    assert isinstance(await desk.do(lambda unit: identity.send(unit, attachment, PATEL)), Problem)
    assert await desk.rows("SELECT state, blob FROM attachment") == [{"state": "refused", "blob": ""}]
    assert await desk.rows("SELECT state FROM message") == [{"state": "failed"}]


async def test_a_file_goes_to_whoever_sits_there_when_its_sender_lets_it(desk: Casework) -> None:
    case = await desk.open_case()
    attachment = await held(desk, case, "The scan")
    await desk.settle()
    await desk.reassign(case, SHAH)
    await desk.settle()
    assert await desk.do(lambda unit: identity.send(unit, attachment, PATEL)) is None
    await desk.settle()
    rows = await desk.rows(
        """SELECT s.person_id FROM delivery d JOIN lane l ON l.id = d.lane_id JOIN seat s ON s.id = l.seat_id
           WHERE d.part >= 100 AND d.state = 'sent'"""
    )
    assert rows == [{"person_id": SHAH}]


async def test_a_document_s_details_count_only_if_they_point_at_somebody_else(desk: Casework) -> None:
    case = await desk.open_case()
    found = (
        ("title", "Treatment plan"),
        ("author", "Asha Patel"),
        ("subject", "Sarah Whitcombe"),
        ("title", "943 476 5919"),
    )
    telling = await desk.units.look(lambda unit: identity.telling(unit, case, PDF, found))
    assert [text for _, text in telling] == ["Sarah Whitcombe", "943 476 5919"]
    assert await desk.units.look(lambda unit: identity.telling(unit, case, DCM, found[:1])) == found[:1]


async def test_a_picture_decides_nothing_about_its_message(desk: Casework) -> None:
    case = await desk.open_case()
    await desk.says(case, "dentist", "The upper arch", files=(scan(5 * MB),))
    (row,) = await desk.rows("SELECT id FROM attachment")
    stored = replace(SCAN, size=5 * MB)
    await desk.do(lambda unit: _stored(unit, row["id"], stored))
    await desk.settle()
    assert await desk.do(lambda unit: pictures.add(unit, case, stored, PICTURE))
    assert await desk.rows("SELECT state FROM message") == [{"state": "delivered"}]
    await desk.settle()
    assert any(text.startswith("A picture of the scan with #1") for text in await told(desk, case, "specialist"))
    assert (
        len(await desk.units.look(lambda unit: unit.tx.all("SELECT id FROM attachment WHERE state = 'picture'"))) == 1
    )
    await desk.do(lambda unit: unit.tx.execute("UPDATE message SET state = 'withdrawn'", {}))
    assert not await desk.do(lambda unit: pictures.add(unit, case, stored, PICTURE))
