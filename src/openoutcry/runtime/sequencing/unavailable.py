"""The exception while the exchange can take no command."""


class Unavailable(Exception):  # noqa: N818 - a state of the service, named for what it means
    """The command was not taken and will not be executed; the text says why."""
