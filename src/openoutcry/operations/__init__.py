"""What can be asked of an exchange: orders, changes, quotes, protection, an account, the market, teams, its organiser.

Every operation is a function `operation(exchange, caller, *names, request)` that returns a `Result` at once. `caller`
says who asks: `Caller(team_id)` for a team, `Caller()` for a request without a team. `names` are ids as clients
write them (`ORD_67890`), and `request`, if there is one, is a struct of `protocol.requests` or `protocol.queries`:

    result = order_entry.submit_order(exchange, Caller(team_id), OrderRequest(instrument_id=..., side="buy", ...))
    result.order_id if result.reject is None else result.reject.code

Decoding checks the bounds in the types of a request; code that makes one itself must keep to them.
An operation raises `Refused` (nothing was changed) or `Unavailable` (the command was not taken); `failures.failed`
makes a `Result` of either. It does not ask whether the caller may: that is the gate's business (`access.gate`). With
durability "disk" a result may be told once `hold.Hold` lets it go.
"""
