"""Speed, as ratios to yardsticks measured in the same run: what `openoutcry bench` does. No test asserts a time.

Above everything but the command line, and nothing leans on it. The yardsticks and peers that are not part of the
extra `[server]` are optional: where one is not installed, its row says so.
"""
