"""The command `openoutcry bench`: speed as ratios to yardsticks of the same run. No test asserts a time.

Only the command line imports this package. Yardsticks and peers outside the extra `[server]` are optional: if one is
not installed, its row says so.
"""
