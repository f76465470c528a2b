"""`openoutcry score`: who won, and why, from data directories: one document, shown as tables or as JSON."""
