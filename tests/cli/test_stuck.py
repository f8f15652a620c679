"""`chairside stuck`: the same whether a service runs or not."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.console import Console
from tests.support.theatre import Theatre


def test_nothing_is_stuck_and_the_load_is_shown(console: Console, roster: Path) -> None:
    console.ok("roster", "import", str(roster))
    assert console.ok("stuck").splitlines() == ["Nothing is stuck.", "Dr Amar Johal: 0 of 25"]


async def test_a_case_nobody_takes_is_listed_by_the_running_service(tmp_path: Path, console: Console) -> None:
    async with Theatre(tmp_path / "data") as play:
        console.env |= {"DATABASE_URL": play.url, "CHAIRSIDE_DATA_DIR": str(play.folder)}
        ref = await play.open_case(taken=False)
        await play.do(lambda unit: unit.tx.execute("UPDATE case_file SET state = 'unassigned'"))
        said = await console.aside("stuck")
        assert said.exit_code == 0, said.output
        assert f"no specialist  {ref}" in said.stdout
        found = json.loads((await console.aside("stuck", "--json")).stdout)
        assert [(one["what"], one["subject"]) for one in found["stuck"]] == [("unassigned", ref)]
        assert "gaps" not in said.stdout
