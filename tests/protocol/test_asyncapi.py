"""The AsyncAPI document agrees with the message types."""

import json
from typing import get_args

import jsonschema
import msgspec
import pytest

from openoutcry.protocol import stream
from openoutcry.protocol.asyncapi import asyncapi_document
from openoutcry.protocol.stream_examples import EXAMPLES

DOCUMENT = json.loads(json.dumps(asyncapi_document()))
TAGS = {
    message.__struct_config__.tag
    for union in (stream.ServerMessage, stream.ClientMessage)
    for message in get_args(union)
}


def resolve(reference):
    node = DOCUMENT
    assert reference.startswith("#/")
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_reference_leads_somewhere():
    found = list(references(DOCUMENT))

    assert found
    for reference in found:
        assert resolve(reference)


def test_it_has_the_parts_that_asyncapi_3_requires():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["info"]["title"]
    assert DOCUMENT["info"]["version"]
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert resolve(operation["channel"]["$ref"])["address"] == "/ws"
        for message in operation["messages"]:
            assert message["$ref"].startswith("#/channels/stream/messages/")


def test_every_message_type_is_there_and_belongs_to_an_operation():
    assert set(DOCUMENT["components"]["messages"]) == TAGS
    assert set(DOCUMENT["channels"]["stream"]["messages"]) == TAGS
    in_operations = {
        message["$ref"].rsplit("/", 1)[1]
        for operation in DOCUMENT["operations"].values()
        for message in operation["messages"]
    }
    assert in_operations == TAGS


@pytest.mark.parametrize("tag", sorted(TAGS))
def test_every_message_has_a_summary_and_an_example_that_its_schema_allows(tag):
    message = DOCUMENT["components"]["messages"][tag]
    schema = {"$ref": message["payload"]["$ref"], "components": DOCUMENT["components"]}

    assert message["summary"]
    assert message["examples"]
    for example in message["examples"]:
        jsonschema.validate(example["payload"], schema, cls=jsonschema.Draft202012Validator)


def test_a_client_message_with_an_unknown_field_breaks_its_schema():
    schema = {"$ref": "#/components/schemas/Ping", "components": DOCUMENT["components"]}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"op": "ping", "pong": 1}, schema, cls=jsonschema.Draft202012Validator)


def test_the_examples_are_messages_that_both_sides_can_read():
    for example in EXAMPLES:
        text = msgspec.json.encode(example)
        union = stream.ClientMessage if b'"op":"' in text[:10] else stream.ServerMessage
        assert msgspec.json.decode(text, type=union) == example


def test_every_close_code_is_explained():
    codes = {str(value) for name, value in vars(stream.CloseCode).items() if name.isupper()}

    assert set(DOCUMENT["channels"]["stream"]["x-close-codes"]) == codes


def test_seq_is_the_private_streams_alone():
    """A bot that keeps the largest `seq` it saw, of whatever message, can resume from it."""
    counted = {
        message.__struct_config__.tag
        for message in get_args(stream.ServerMessage)
        if "seq" in message.__struct_fields__
    }

    private = {message.__struct_config__.tag for message in get_args(stream.PrivateMessage)}
    assert counted == private | {"heartbeat"}, "a heartbeat names the last private event"
