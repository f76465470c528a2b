"""What a measurement can fail on."""


class MeasurementFailed(Exception):  # noqa: N818 - named for what happened
    """There is no figure; the text says why, and what to do."""
