"""Why data directories cannot be scored. Apart from the scoring itself, which imports numpy."""


class NoScoring(Exception):  # noqa: N818 - what is wrong, named
    """The scenario of a directory says nothing of scores, or they are other ones than those of the round; the text says
    what would do.
    """


class NoMatch(Exception):  # noqa: N818 - what is wrong, named
    """A directory has no match to score, or only one that is not over; the text says what would do."""
