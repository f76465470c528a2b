"""Order books, continuous matching (price, then time) and auctions (one price for all).

It knows orders and owners, but not teams' money, limits or sessions.
"""
