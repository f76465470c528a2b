"""Sections on the simulated market: by itself, beside orders, scored, and with bots in the lab."""
