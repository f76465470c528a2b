"""Pre-trade checks: may this order enter, given what the team holds and has at work?

Layer 1. Checks read and answer; they change nothing.
"""
