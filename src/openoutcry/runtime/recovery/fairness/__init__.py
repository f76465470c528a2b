"""Checks that sessions of a simulated market were fair: from a data directory alone, everything is drawn and decided
anew.
"""
