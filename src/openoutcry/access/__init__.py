"""Who asks, and how often: callers, keys, the gate, rate limits; and what refuses them."""
