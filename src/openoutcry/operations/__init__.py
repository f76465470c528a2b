"""What can be asked of an exchange: orders, changes, quotes, protection, an account, the market, teams, its organiser.

Every operation is a function `operation(exchange, caller, *names, request)` that returns a `Result` at once. `caller`
says who asks: `Caller(team_id)` for a team, `Caller()` where nobody in particular does. `names` are ids as clients
write them (`ORD_67890`), and `request`, where there is one, a struct of `protocol.requests` or `protocol.queries`:

    result = order_entry.submit_order(exchange, Caller(team_id), OrderRequest(instrument_id=..., side="buy", ...))
    result.order_id if result.reject is None else result.reject.code

The bounds in the types of a request are held where it is decoded; who makes one keeps to them.
An operation raises `Refused` (nothing was changed) or `Unavailable` (the command was not taken); `failures.failed`
makes a `Result` of either. It does not ask whether the caller may: that is the gate's business (`access.gate`). With
durability "disk" a result may be told once `hold.Hold` lets it go.
"""
