"""Speed as ratios to a yardstick measured in the same run. Never part of the test run, and never a timed test."""
