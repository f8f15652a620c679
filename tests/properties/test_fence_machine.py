"""The fence: whatever people, platforms and the clock do, no word of a case stands before anybody without a seat in it.

A machine that finds nothing proves little, so guards are taken out of the product one by one, and it has to notice.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.fence import faults
from tests.support.fence.faults import Plant
from tests.support.fence.machine import Fence
from tests.support.fence.oracle import Breach
from tests.support.fence.talk import Talk
from tests.support.fence.world import Stage

STEPS = 40
"""Things that happen in one run."""
BUDGET = 250
"""Runs within which every planted fault has to be found; nearly all are within ten."""


def search(examples: int, *, number: int | None, settles: bool, phases: tuple[Phase, ...]) -> int:
    """Run the machine; how many things happened. With a `number` it does the same every time."""
    machine = type("Fence", (Fence,), {})
    Talk.stage, Talk.steps, Talk.settles = Stage(), 0, settles
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
        Talk.stage.end()
    return Talk.steps


def finds(plant: Plant, number: int, budget: int) -> None:
    """Plant one fault and let the machine look for it."""
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        with pytest.raises((Breach, AssertionError)):  # what the product itself asserts is a guard too
            search(budget, number=number, settles=False, phases=(Phase.generate,))
    print(f"\n{plant.__name__}: found after {Talk.steps} steps")  # noqa: T201 - the figure is the point


def test_nobody_reads_what_is_not_theirs() -> None:
    steps = search(25, number=1, settles=True, phases=(Phase.generate,))
    assert steps > 500


@pytest.mark.parametrize("plant", faults.QUICK, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Plant) -> None:
    finds(plant, 1, BUDGET)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("plant", faults.PLANTS, ids=lambda plant: plant.__name__)
def test_every_planted_fault_is_found_whatever_the_seed(plant: Plant, number: int) -> None:
    finds(plant, number, 4 * BUDGET)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_nobody_ever_reads_what_is_not_theirs() -> None:
    steps = search(1_500, number=None, settles=True, phases=(Phase.generate, Phase.shrink))
    print(f"\nfence: {steps} steps")  # noqa: T201
