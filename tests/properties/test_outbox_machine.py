"""The outbox: whatever workers, platforms and the clock do, nothing is lost, doubled unsaid, overtaken or told wrongly.

A machine that finds nothing proves little, so guards are taken out of the product one by one, and it has to notice.
"""

from __future__ import annotations

import logging

import pytest
import structlog
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.databases import PostgresDatabases
from tests.support.outbox_machine import faults
from tests.support.outbox_machine.faults import Plant
from tests.support.outbox_machine.machine import Outbox
from tests.support.outbox_machine.oracle import Breach
from tests.support.outbox_machine.says import Says
from tests.support.outbox_machine.world import Stage

STEPS = 40
"""Things that happen in one run."""
BUDGET = 250
"""Runs within which every planted fault has to be found."""


def search(stage: Stage, examples: int, *, number: int | None, settles: bool, phases: tuple[Phase, ...]) -> int:
    """Run the machine; how many things happened. With a `number` it does the same every time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    machine = type("Outbox", (Outbox,), {})
    Says.stage, Says.steps, Says.settles = stage, 0, settles
    try:
        run_state_machine_as_test(
            machine if number is None else seed(number)(machine),
            settings=settings(
                max_examples=examples,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=phases,
                print_blob=number is None,
                suppress_health_check=list(HealthCheck),
                verbosity=Verbosity.normal if settles else Verbosity.quiet,
            ),
        )
    finally:
        stage.end()
    return Says.steps


def test_nothing_is_lost_doubled_or_overtaken() -> None:
    steps = search(Stage(), 25, number=1, settles=True, phases=(Phase.generate,))
    assert steps > 500


def test_nor_is_it_on_postgresql(postgres_databases: PostgresDatabases) -> None:
    assert search(Stage(postgres_databases), 2, number=2, settles=True, phases=(Phase.generate,)) > 40


@pytest.mark.parametrize("plant", faults.QUICK, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Plant) -> None:
    finds(plant, 1, BUDGET)


def finds(plant: Plant, number: int, budget: int) -> None:
    """Plant one fault and let the machine look for it."""
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises(Breach):
            search(Stage(), budget, number=number, settles=plant in faults.AT_REST, phases=(Phase.generate,))
    print(f"\n{plant.__name__}: found after {Says.steps} steps")  # noqa: T201 - the figure is the point


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("plant", faults.PLANTS, ids=lambda plant: plant.__name__)
def test_every_planted_fault_is_found_whatever_the_seed(plant: Plant, number: int) -> None:
    finds(plant, number, 4 * BUDGET)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_nothing_is_ever_lost_doubled_or_overtaken() -> None:
    steps = search(Stage(), 1_500, number=None, settles=True, phases=(Phase.generate,))
    print(f"\noutbox: {steps} steps")  # noqa: T201
