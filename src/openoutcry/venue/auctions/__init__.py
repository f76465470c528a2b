"""Auctions in the venue: what a call ends with, and frequent batch auctions, both in slices."""
