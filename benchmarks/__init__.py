"""Measured beside a yardstick in the same run, as ratios. Never part of the test run."""
