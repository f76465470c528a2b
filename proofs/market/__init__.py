"""Matches in the simulated market, played in virtual time by simple strategies: what each of them earns."""
