"""Who takes part: bots of several tempers, an organiser, observers, an adversary."""
