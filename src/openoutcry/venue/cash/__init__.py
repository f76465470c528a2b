"""Equity, and what it must cover: the worst of the scenarios. Exact integers, in money units."""
