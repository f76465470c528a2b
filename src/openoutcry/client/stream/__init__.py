"""The event lane: a private stream that resumes after each interruption, public channels, handlers, iterators."""
