"""What an order must pass before it is accepted: `order` has the checks in their order, a file each.

Checks read the state and answer; they change nothing.
"""
