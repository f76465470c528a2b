"""Measurements in process: the same messages for our matching, the whole venue, and other engines."""
