"""Snapshots of the venue: when one is built, how, its file, and which one a start uses."""
