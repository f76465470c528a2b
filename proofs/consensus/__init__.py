"""Recorded workloads through the venue: the reports must be those on which the matching engines of others agree."""
