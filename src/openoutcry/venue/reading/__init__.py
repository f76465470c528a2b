"""Reading the venue: queries, and the frozen copies that they give."""
