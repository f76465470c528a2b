"""The exchange minus sockets, threads and time, driven from one seed: bots trade, things break, an auditor checks.

`python -m proofs chaos` runs many seeds, `python -m proofs chaos --seed N` one of them again, step for step. Nothing in
the package knows about it: it only uses the seams at its edge (event loop, clock, files, ASGI, transports).
"""
