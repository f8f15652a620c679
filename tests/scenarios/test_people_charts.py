"""The coordinator's desk shows how the service goes: charts on demand, in their own chat, and nothing of any case."""

from __future__ import annotations

from pathlib import Path

from tests.support.theatre import Theatre, eventually


async def test_charts_come_into_the_coordinators_chat_and_only_theirs(tmp_path: Path) -> None:
    async with Theatre(tmp_path) as play:
        await play.rooms(await play.open_case())
        await play.sam.opens_home()
        await play.sam.sees_home("[Charts]")
        assert await play.sam.presses("Charts")
        await play.sam.sees_modal("The charts are being drawn")
        await play.sam.closes_modal()

        def picture() -> bytes | None:
            files = [file for message in play.sam.messages(None) for file in message.files]
            return next((file.data for file in files if file.name == "report.png"), None)

        drawn = await eventually(picture, 30.0)
        assert drawn.startswith(b"\x89PNG")
        said = await play.sam.sees("1 case has had a specialist.")
        assert "Dr Amar Johal: 1 of 25" in said.shown
        assert "AB" not in said.shown.split()
        assert [row["state"] for row in await play.rows("SELECT state FROM drawing")] == ["drawn"]
        assert len(await play.rows("SELECT 1 FROM audit_entry WHERE action = 'report.asked'")) == 1
        await play.johal.opens_home()
        home = await play.johal.sees_home("your desk")
        assert "[Charts]" not in home.text
