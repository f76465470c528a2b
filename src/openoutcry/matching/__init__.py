"""Order books and continuous matching: price, then time.

It knows orders and owners, but not teams' money, limits or sessions.
"""
