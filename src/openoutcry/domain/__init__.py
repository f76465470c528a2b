"""The vocabulary of the exchange: types, instruments, orders, commands, events, reasons, rules.

It imports nothing of the project, and holds only tables and conversions.
"""
