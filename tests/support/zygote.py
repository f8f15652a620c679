"""Starts the real service again and again without paying for its imports: each line on standard input is one life.

A line is JSON: {"env": {...settings}, "rules": {...}, "crash": "claimed:0.01"}. Answers, one JSON object a line:
{"pid": N} when a life has begun, {"ended": N, "status": S} when it is over.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import sys
import traceback
from pathlib import Path

from bot.app import serve
from bot.cli.logs import configure
from bot.config import read
from bot.domain import faultpoints
from bot.domain.rules import Rules


def live(order: dict[str, object]) -> int:
    """One life, in a child process: what `chairside run` does, with the waits of delivery shortened."""
    faultpoints.arm(str(order.get("crash", "")))
    settings = order["env"]
    rules = order.get("rules") or {}
    assert isinstance(settings, dict)
    assert isinstance(rules, dict)
    config = read(settings, env_file=None)
    configure(config.log_format, config.log_level)
    return 0 if asyncio.run(serve(config, rules=Rules(**rules))) else 1


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def reap() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        say(ended=pid, status=status)


def main() -> None:
    """Fork a life for each order; report ends as they come."""
    buffer = b""
    while True:
        reap()
        ready, _, _ = select.select([0], [], [], 0.01)
        if not ready:
            continue
        chunk = os.read(0, 65536)
        if not chunk:
            return
        buffer += chunk
        while b"\n" in buffer:
            line, _, buffer = buffer.partition(b"\n")
            order = json.loads(line)
            pid = os.fork()
            if pid == 0:
                null = os.open(os.devnull, os.O_RDWR)
                os.dup2(null, 0)
                log = os.open(str(Path(str(order["log"]))), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                os.dup2(log, 1)
                os.dup2(log, 2)
                code = 70
                try:
                    code = live(order)
                except BaseException:  # noqa: BLE001 - a life that ends by itself is a finding, whatever ended it
                    traceback.print_exc()
                finally:
                    sys.stderr.flush()
                    os._exit(code)
            say(pid=pid)


if __name__ == "__main__":
    main()
