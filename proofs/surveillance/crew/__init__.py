"""Honest teams that look a little like cheats: each does something that surveillance counts."""
