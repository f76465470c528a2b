"""Order books and continuous matching: price, then time.

Layer 1. Knows orders and owners, nothing of teams' money, limits or sessions.
"""
