"""What the venue does with each command, a file per family: judge it, and carry it out once it is accepted."""
