"""One session as a fold over commands and events: a ledger of what everybody holds at which marks, the trades with what
they were worth, and parts that measure.
"""
