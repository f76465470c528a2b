"""The whole state as data: taken, restored, hashed."""
