"""Random bytes by the handful: never the same ones twice, not even in a process that was forked off."""

import os
import threading

import pytest

from storage.randomness import Pool


def test_no_byte_is_given_out_twice() -> None:
    pool = Pool()
    given = [pool.bytes(12) for _ in range(5_000)]
    assert len(set(given)) == len(given)
    assert {len(one) for one in given} == {12}
    assert len(pool.bytes(10_000)) == 10_000


@pytest.mark.parametrize("count", [1, 7, 9, 12, 64])
def test_bits_are_as_many_as_asked_for(count: int) -> None:
    pool = Pool()
    seen = {pool.bits(count) for _ in range(2_000)}
    assert min(seen) >= 0
    assert max(seen).bit_length() <= count
    assert len(seen) == 2 if count == 1 else len(seen) > 60


def test_threads_get_bytes_of_their_own() -> None:
    pool, found = Pool(), list[bytes]()

    def take() -> None:
        found.extend([pool.bytes(16) for _ in range(2_000)])

    threads = [threading.Thread(target=take) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(found)) == len(found) == 8_000


def test_a_forked_process_begins_anew() -> None:
    pool = Pool()
    pool.bytes(1)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, pool.bytes(16))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 16) != pool.bytes(16)
    os.close(reader)
    os.close(writer)
