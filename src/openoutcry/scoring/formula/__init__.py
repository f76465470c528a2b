"""From entries to scores: of a match, and of a round of several with how sure its ranking is. Exact fractions inside,
floats in what comes out; docs/scoring.md has each formula with an example by hand.
"""
