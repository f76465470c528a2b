"""Descriptions put into the schemas of types."""

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

from openoutcry.protocol.descriptions.fields import FIELDS
from openoutcry.protocol.descriptions.fields_of_types import FIELDS_OF_TYPES


def describe(schemas: dict[str, Any]) -> None:
    """Give each field of `schemas`, by their names, its description, unless the field's type has one.

    Descriptions that are docstrings lose their indentation, which Python before 3.13 keeps.
    """
    for whole in schemas.values():
        if "description" in whole:
            whole["description"] = cleandoc(whole["description"])
    for name, field, schema in fields_of(schemas):
        description = FIELDS_OF_TYPES.get(name, {}).get(field) or FIELDS.get(field)
        if description is not None and not is_described(schema):
            schema["description"] = description


def fields_of(schemas: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every field: the name of its type without type arguments, its own name, its schema."""
    for name, schema in schemas.items():
        for field, field_schema in schema.get("properties", {}).items():
            yield name.partition("_")[0], field, field_schema


def is_described(schema: dict[str, Any]) -> bool:
    """Whether a field's schema, or one of its alternatives, has a description."""
    return "description" in schema or any("description" in inner for inner in schema.get("anyOf", ()))
