"""An independent auditor: it knows the rules of the game and what clients were told, and nothing of the exchange.

It listens while the simulation runs. At the end it reads each team's whole stream once more, computes the state with
arithmetic of its own, and compares everything that clients were told with it.
"""
