"""Words of the simulated market: its rules as integers, headlines, signals."""
