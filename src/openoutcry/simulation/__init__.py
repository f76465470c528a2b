"""The seeded market around the bots: its world, drawn whole before a session, and the flow that trades in it.

Pure functions of seed, rules and what the venue shows; what comes of them are commands.
"""
