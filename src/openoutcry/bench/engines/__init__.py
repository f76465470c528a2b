"""In process: the same messages through our matching, through the whole venue, and through other engines."""
