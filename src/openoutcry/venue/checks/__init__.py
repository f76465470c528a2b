"""What an order must pass before it is accepted: `order` has the checks in their order, a file each. `quotes`
is about a two-sided quote, before either side is judged as an order.

Checks read the state and answer; they change nothing.
"""
