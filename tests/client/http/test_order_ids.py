"""The ids that the client gives to orders: no two orders of a team get the same one."""

import os
import re
import secrets
import warnings

from openoutcry.client.http.request_ids import ClientOrderIds


def ids_of_a_fork(ids, count):
    """The next ids that a forked process gives."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads are of no concern to this child
        child = os.fork()
    if child == 0:
        os.write(writing, "\n".join(ids.next() for _ in range(count)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read().split("\n")
    assert os.waitpid(child, 0)[1] == 0
    return told


def test_clients_that_know_nothing_of_each_other_never_give_the_same_id():
    many = [ClientOrderIds(secrets.token_bytes) for _ in range(100)]
    assert len({ids.next() for ids in many for _ in range(100)}) == 10_000


def test_the_prefix_is_drawn_from_the_source_and_a_count_follows():
    ids = ClientOrderIds(lambda size: b"\xab" * size)
    assert [ids.next() for _ in range(2)] == ["abababababab-1", "abababababab-2"]


def test_an_id_is_one_that_the_exchange_takes():
    ids = ClientOrderIds(secrets.token_bytes)
    assert all(re.fullmatch(r"[A-Za-z0-9_.:-]{1,64}", ids.next()) for _ in range(1_000))


def test_a_process_that_is_forked_off_gives_ids_of_its_own():
    ids = ClientOrderIds(secrets.token_bytes)
    before = [ids.next() for _ in range(3)]
    theirs = ids_of_a_fork(ids, 10)
    mine = [ids.next() for _ in range(10)]
    assert len({*before, *theirs, *mine}) == 23
    assert mine[0].partition("-")[0] == before[0].partition("-")[0]
