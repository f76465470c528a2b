"""The venue's timers, in the form that tests need."""


def next_timer(queries):
    """The timer that is due first; of several due at once, that of the team that registered first; None: no timer."""
    return min(queries.timers(), key=lambda timer: timer.due, default=None)
