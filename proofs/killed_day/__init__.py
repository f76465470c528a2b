"""A live day with bots over sockets, killed -9 again and again, beside an undisturbed simulation of the same day."""
