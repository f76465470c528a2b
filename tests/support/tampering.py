"""Changes of a journal's records, as whoever tampers with it makes them."""

from msgspec import structs

from openoutcry.domain.commands import (
    AdvanceMarket,
    ReplaceQuotes,
    SubmitOrder,
)


def each(replace):
    """Changes the first command for which `replace` gives another one."""

    def change(records):
        changed = []
        for record in records:
            command = record.command if changed else replace(record.command)
            if command is not None and command != record.command:
                changed.append(command)
                record = structs.replace(record, command=command)  # noqa: PLW2901
            yield record
        assert changed, "nothing was there to be changed"

    return change


def left_out(is_it, count=1):
    """Leaves the first commands out that are meant."""

    def change(records):
        left = count
        for record in records:
            if left and is_it(record.command):
                left -= 1
            else:
                yield record
        assert not left, "nothing was there to be left out"

    return change


def put_in(command, before):
    """Puts a command in before the first one that is meant."""

    def change(records):
        is_in = False
        for record in records:
            if not is_in and before(record.command):
                is_in = True
                yield structs.replace(record, command=command)
            yield record
        assert is_in

    return change


def after_opening(command):
    return isinstance(command, AdvanceMarket) and command.market_time > 1_710_423_000 + 20


def with_mark(units, field):
    """Moves a number of a mark."""

    def replace(command):
        if not after_opening(command):
            return None
        first, *others = command.marks
        moved = structs.replace(first, **{field: getattr(first, field) + units})
        return structs.replace(command, marks=(moved, *others))

    return each(replace)


def is_of_flow(command):
    """Of the house or the retail flow: they were registered first."""
    return getattr(command, "team_id", None) in (1, 2) and isinstance(command, SubmitOrder | ReplaceQuotes)
