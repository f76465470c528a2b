"""Recorded workloads played to the venue. Its reports must be those on which other matching engines agree."""
