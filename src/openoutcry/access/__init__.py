"""Who asks, and how often: keys, names, rate limits."""
