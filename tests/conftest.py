"""What every test shares: no network beyond this machine, no settings from outside, repeatable properties."""

import ipaddress
import logging
import os
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.databases"]
"""Fixtures for everyone; each is made only where a test asks for it."""

WIRE_LOG = "CHAIRSIDE_WIRE_LOG"
_OURS = ("CHAIRSIDE_", "SLACK_", "TELEGRAM_", "OPENAI_")

# ----------------------------------------------------------------------------------------------- properties
# The default run must fail on every machine or on none; `make soak` searches further, from a new seed.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("ci", max_examples=60, derandomize=True, deadline=None, database=None)
settings.register_profile("soak", max_examples=5_000, deadline=None, print_blob=True, suppress_health_check=_SLOW)
settings.load_profile("ci")  # --hypothesis-profile, read later, wins


# ------------------------------------------------------------------------------------------------- settings
def pytest_configure() -> None:
    """Forget settings of whoever runs the tests, but for the wire log; log where a service does, beside output."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))  # whichever it is by then
    for name in list(os.environ):
        if name == "DATABASE_URL" or (name.startswith(_OURS) and name != WIRE_LOG):
            del os.environ[name]


@pytest.fixture
def illegal_traffic(monkeypatch: pytest.MonkeyPatch) -> None:
    """For requests a platform would refuse: they stay out of the log held against the specifications."""
    monkeypatch.delenv(WIRE_LOG, raising=False)


@pytest.fixture(autouse=True)
def _illegal_traffic_by_mark(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("illegal_traffic"):
        request.getfixturevalue("illegal_traffic")


# -------------------------------------------------------------------------------------------------- logging
@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command run in this process sets up logging for all of it; the next test has its own."""
    handlers, level = logging.root.handlers[:], logging.root.level
    before = structlog.get_config()
    yield
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    structlog.configure(**before)


# -------------------------------------------------------------------------------------------------- network
class NetworkForbiddenError(Exception):
    """A test reached for an address beyond this machine."""


_attempts: list[str] = []


def _is_loopback(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_network(event: str, args: tuple[object, ...]) -> None:
    # An audit hook sees every socket of the process, whichever library opened it and however it was imported.
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(args[1], tuple):
        host = args[1][0]  # a path (unix socket) is not a tuple
    else:
        return
    if not _is_loopback(host):
        _attempts.append(f"{event} {host!r}")
        raise NetworkForbiddenError(f"{event} {host!r}: tests stay on this machine")


sys.addaudithook(_refuse_network)


@pytest.fixture
def network_attempts() -> list[str]:
    """The attempts made so far; a test that expects some empties it before it ends."""
    return _attempts


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fails the test even where the code under test swallowed the refusal."""
    yield  # what a longer-lived fixture tried before this test counts here too
    made = _attempts.copy()
    _attempts.clear()
    if made:
        pytest.fail(f"reached beyond this machine: {', '.join(made)}", pytrace=False)
