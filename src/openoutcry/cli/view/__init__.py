"""`openoutcry view`."""
