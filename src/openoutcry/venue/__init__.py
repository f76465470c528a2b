"""The deterministic state machine: `validate` decides, `execute` does, and nothing else changes anything.

No I/O, no clock, no randomness, no logging: the same commands give the same events, ids and state, anywhere.
"""
