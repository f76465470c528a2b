"""What an organiser should look at: a file for each kind, and a part of the match that tells all of them what happened.

Everything is counted in integers, over the session under way.
"""
