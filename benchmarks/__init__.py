"""Measurements of one thing each, run by name. The whole table is `openoutcry bench`."""
