"""All keys of a TOML document."""

from openoutcry.scenarios.places import join


def keys_of(value, path=""):
    """All keys of a document, with the name that stands at the place of each; items of lists have no name."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield join(path, name), name
            yield from keys_of(inner, join(path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield f"{path}[{number}]", ""
            yield from keys_of(inner, f"{path}[{number}]")
