"""The shared fault rules: seeded, scoped, counted."""

from bot.sandbox.faults import Faults, Kind


def test_a_rule_strikes_as_often_as_asked_and_skips_first() -> None:
    faults = Faults()
    faults.add(Kind.DROP_AFTER, method="sendMessage", chat=7, times=2, skip=1)
    struck = [faults.draw("sendMessage", chat="7") is not None for _ in range(5)]
    assert struck == [False, True, True, False, False]
    assert faults.draw("sendPhoto", chat="7") is None
    assert [hit.method for hit in faults.hits] == ["sendMessage", "sendMessage"]


def test_wildcards_chats_and_bots_narrow_a_rule() -> None:
    faults = Faults()
    faults.add(Kind.SLOW, method="chat.*", chat="C1", bot="B1", times=None, seconds=3)
    assert faults.draw("chat.postMessage", "C1", "B1")
    assert faults.draw("conversations.info", "C1", "B1") is None
    assert faults.draw("chat.update", "C2", "B1") is None
    assert faults.draw("chat.update", "C1", "B2") is None


def test_the_first_rule_to_strike_wins_and_rules_can_go() -> None:
    faults = Faults()
    first = faults.add(Kind.HTML, times=None, status=503)
    faults.add(Kind.RATE_LIMIT, times=None, retry_after=9)
    fault = faults.draw("any")
    assert fault
    assert (fault.kind, fault.status) == (Kind.HTML, 503)
    faults.remove(first)
    fault = faults.draw("any")
    assert fault
    assert (fault.kind, fault.retry_after) == (Kind.RATE_LIMIT, 9)
    faults.clear()
    assert faults.draw("any") is None


def test_the_same_seed_gives_the_same_run() -> None:
    def run(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add(Kind.DROP_BEFORE, chance=0.3, times=None)
        return [faults.draw("any") is not None for _ in range(200)]

    assert run(1) == run(1)
    assert run(1) != run(2)
    assert 30 < sum(run(1)) < 90


def test_dealing_doubles_and_swaps_but_loses_nothing() -> None:
    faults = Faults(3)
    assert faults.deal(range(50)) == list(range(50))
    faults.inbound.duplicate = faults.inbound.reorder = 0.4
    dealt = faults.deal(range(50))
    assert len(dealt) > 50
    assert set(dealt) == set(range(50))
    assert dealt != sorted(dealt)
