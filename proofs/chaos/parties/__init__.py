"""The parties of the simulation: bots, an organiser, observers, and an adversary that causes faults."""
