"""Teams that cheat, one kind in a file."""
