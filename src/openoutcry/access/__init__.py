"""Who asks, and how often: callers, keys, the gate, rate limits, refusals."""
