"""One number for the whole state: equal histories give equal hashes, and any relevant difference changes it."""

from core_stage import HISTORY, TEAMS, Stage, order, venue_after

from openoutcry.domain import commands
from reference.workload import CALL, PUT, instrument, role


def hash_after(*history, teams=TEAMS):
    return venue_after(*history, teams=teams).state_hash()


def test_the_same_commands_lead_to_the_same_hash():
    assert hash_after(*HISTORY) == hash_after(*HISTORY)


def test_every_command_that_changes_something_changes_the_hash():
    seen = {hash_after(*HISTORY[:count]) for count in range(len(HISTORY) + 1)}
    after_all = {
        hash_after(*HISTORY, command)
        for command in (
            commands.CancelOrder(3, 3),
            commands.MassCancel(3),
            commands.AmendOrder(3, 3, 2),
            commands.HaltInstrument(CALL),
            commands.ListInstrument(instrument(PUT)),
            commands.ListInstrument(instrument(PUT, multiplier=10)),
            commands.SetPhase("closed"),
            commands.SuspendTeam(1),
            commands.SkipIds(1),
            commands.RotateKey(1, b"another"),
            commands.RegisterTeam("dan", "trader", b"dan"),
            commands.RegisterTeam("dan", "trader", b"dan", "somebody"),
            commands.ReplaceQuotes(1, (commands.QuoteTerms(CALL, commands.Price(90), 1),)),
            order(3, "buy", 1, 90),
            order(3, "buy", 1, 90, client_order_id="b"),
        )
    }
    # Cancelling one order of one differs from a mass cancel in nothing that is left.
    assert len(seen) == len(HISTORY) + 1
    assert len(after_all) == 14
    assert not seen & after_all


def test_orders_of_the_same_shape_but_another_place_in_the_queue_differ():
    first = hash_after(order(1, "buy", 5, 100), order(2, "buy", 5, 100))
    second = hash_after(order(2, "buy", 5, 100), order(1, "buy", 5, 100))
    assert first != second


def test_sums_of_money_beyond_64_bits_are_part_of_the_state_like_any_other():
    stage = Stage("ann", "bob", rules=role(), instruments=(instrument(CALL, multiplier=400),))
    highest, lowest, most = 100_000_000, 1, 1_000_000
    for _ in range(3):
        stage.enter(1, "sell", most, highest)
        stage.enter(2, "buy", most, highest)
        stage.enter(1, "buy", most, lowest)
        stage.enter(2, "sell", most, lowest)
    assert stage.queries.account(1).cash > 2**63
    assert len(stage.venue.state_hash()) == 64
