"""Bots in files of their users: finding them, and keeping the modules of each apart."""
