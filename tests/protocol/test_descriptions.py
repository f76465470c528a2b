"""Every field of every event, request and answer has a description, and the checksum's worked example is right."""

import re
from zlib import crc32

import pytest

from openoutcry.domain.types import Ticks
from openoutcry.gateway.rest.openapi import openapi_document
from openoutcry.protocol.asyncapi import asyncapi_document
from openoutcry.protocol.checksum import book_checksum
from openoutcry.protocol.descriptions.fields import FIELDS
from openoutcry.protocol.descriptions.fields_of_types import FIELDS_OF_TYPES
from openoutcry.protocol.descriptions.schemas import fields_of, is_described

DOCUMENTS = {"OpenAPI": openapi_document(), "AsyncAPI": asyncapi_document()}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_field_has_a_description(document):
    fields = list(fields_of(document["components"]["schemas"]))
    assert len(fields) > 50
    assert [f"{kind}.{field}" for kind, field, schema in fields if not is_described(schema)] == []


def test_every_parameter_and_header_has_a_description():
    for path in DOCUMENTS["OpenAPI"]["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["description"]
            for parameter in operation.get("parameters", ()):
                assert parameter["description"]
            for response in operation["responses"].values():
                assert all(header["description"] for header in response.get("headers", {}).values())


def test_no_description_is_left_over_from_a_field_that_is_gone():
    schemas = [document["components"]["schemas"] for document in DOCUMENTS.values()]
    fields = {(kind, field) for types in schemas for kind, field, _ in fields_of(types)}
    assert set(FIELDS) <= {field for _, field in fields}
    assert {(kind, field) for kind, own in FIELDS_OF_TYPES.items() for field in own} <= fields


def test_the_worked_example_of_the_checksum_is_what_it_says():
    description = DOCUMENTS["AsyncAPI"]["info"]["description"].replace("\n", " ")
    example = description[description.index("With a tick of") :]
    tick = float(re.search(r"tick of ([\d.]+),", example)[1])
    asks, bids = (
        [(round(float(price) / tick), int(quantity)) for quantity, price in re.findall(r"(\d+) at ([\d.]+\d)", levels)]
        for levels in re.search(r"asks of (.*), bids of (.*): the text", example).groups()
    )
    text = "".join(f"{ticks}{quantity}" for ticks, quantity in asks + bids)
    assert len(asks) == len(bids) == 2
    assert re.search(r"the text is `(\d+)`", example)[1] == text
    assert int(re.search(r"its checksum is (\d+)", example)[1]) == crc32(text.encode())
    assert crc32(text.encode()) == book_checksum(
        [(Ticks(ticks), quantity) for ticks, quantity in asks], [(Ticks(ticks), quantity) for ticks, quantity in bids]
    )
