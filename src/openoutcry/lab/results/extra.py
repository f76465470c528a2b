"""What the extra `[lab]` brings, and the sentence where it is missing."""

from importlib.util import find_spec


class PolarsMissing(ImportError):  # noqa: N818 - named for what it means
    """Frames need polars."""


def require_polars() -> None:
    """Raises `PolarsMissing` if it is not installed."""
    if find_spec("polars") is None:
        raise PolarsMissing("frames need polars, which is not installed here: run pip install 'openoutcry[lab]'")
