"""Who won, and why: matches as folds over what happened, scores of their entries, rounds of several matches, what is
to be looked at. Scores rest on theoretical values, so only scenarios with pricing have them.
"""
