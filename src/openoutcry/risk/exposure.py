"""How much of the total option exposure one instrument takes: the larger of the worst cases on either side."""


def instrument_exposure(position: int, open_quantity: int, opposite_quantity: int) -> int:
    """The most that could be held, long or short, if every working order of one side filled.

    `position` as one side sees it, what works on that side, and on the other: from both sides it comes out the same.
    """
    # Both are at least 0, so this is max(abs(position + open_quantity), abs(position - opposite_quantity)).
    grown, turned = position + open_quantity, opposite_quantity - position
    return grown if grown > turned else turned  # noqa: FURB136 - max() costs twice as much, at every change
