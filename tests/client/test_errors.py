"""The client's exceptions cross from one process to another, as they do from workers of `multiprocessing`."""

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import pytest

import openoutcry.client
from openoutcry.client import OpenOutcryError, OutcomeUnknown, RefusedError, UnexpectedAnswerError

PUBLIC = [
    each
    for each in vars(openoutcry.client).values()
    if isinstance(each, type) and issubclass(each, OpenOutcryError) and each.__module__ == "openoutcry.client.errors"
]


def make(kind):
    if issubclass(kind, RefusedError):
        return kind("too many orders", "OPEN_ORDER_LIMIT_EXCEEDED")
    if issubclass(kind, UnexpectedAnswerError):
        return kind("a page of a proxy", 502)
    if issubclass(kind, OutcomeUnknown):
        return kind("no answer came", ["a-1", "a-2"])
    return kind("the line is down")


def parts(error):
    return type(error), str(error), error.args, vars(error)


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.__name__)
def test_an_exception_keeps_all_its_fields_when_it_is_pickled(kind):
    error = make(kind)
    error.add_note("in worker 3")
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert parts(pickle.loads(pickle.dumps(error, protocol))) == parts(error)
    assert parts(copy.copy(error)) == parts(error)


def _refuse():
    raise RefusedError("too many orders", "OPEN_ORDER_LIMIT_EXCEEDED")


def test_a_refusal_in_a_worker_process_is_raised_in_its_parent():
    with (
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as workers,
        pytest.raises(RefusedError, match="too many orders") as refused,
    ):
        workers.submit(_refuse).result()
    assert refused.value.code == "OPEN_ORDER_LIMIT_EXCEEDED"
