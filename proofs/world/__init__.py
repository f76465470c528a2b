"""Worlds of many seeds, measured beside what the rules say of them, with confidence intervals."""
