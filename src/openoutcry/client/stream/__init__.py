"""The event lane: one private stream that resumes after every loss, public channels, handlers and iterators."""
