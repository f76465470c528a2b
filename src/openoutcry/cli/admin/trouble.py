"""What can go wrong with an organiser's command before or after the exchange answers."""


class RefusedByExchange(Exception):  # noqa: N818 - what happened
    """The exchange refused the request; the text says why, and what it would take."""


class NoUsableKey(Exception):  # noqa: N818 - what is wrong
    """There is no organiser's key to send; the text says where it may stand."""


class UnusableFile(Exception):  # noqa: N818 - what is wrong
    """A file that was named cannot be used; the text says where in it, and what would do."""
