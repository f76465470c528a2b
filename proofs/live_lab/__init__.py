"""Four bots live over sockets, with a kill -9, and the same bots in the lab: one exchange, one score, one judge."""
