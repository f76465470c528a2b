"""Bots whose handlers do not return: that they do not, and where they are."""
