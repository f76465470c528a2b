"""One buffer encodes all messages, and no message contains parts of another."""

import pytest

from openoutcry.runtime.streams.exact_json import exact_encoder


def test_what_was_returned_does_not_change_with_the_next_message():
    encode = exact_encoder()
    long = encode({"text": "x" * 1_000})
    assert encode({"text": "y"}) == b'{"text":"y"}'
    assert long == b'{"text":"' + b"x" * 1_000 + b'"}'


def test_a_message_that_cannot_be_encoded_leaves_nothing_in_the_next_one():
    encode = exact_encoder()
    with pytest.raises(TypeError):
        encode({"first": "x" * 1_000, "second": object()})
    assert encode({"text": "y"}) == b'{"text":"y"}'
