"""What is kept of a match, what comes of it, and its tables."""
