"""An independent auditor: it knows the rules of the game and what clients were told, and nothing of the exchange.

While the simulation runs it listens. At the end it asks each team's whole stream once more, folds it with arithmetic
of its own, and holds everything that anybody was ever told against that.
"""
