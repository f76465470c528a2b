"""Order books and continuous matching: price, then time.

Layer 1. Knows orders and owners, but not teams' money, limits or sessions.
"""
