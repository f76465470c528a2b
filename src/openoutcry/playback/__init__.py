"""A session at any of its moments, also while it goes on: all that was told, kept so that a moment is shown at once."""
