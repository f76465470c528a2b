"""The exchange minus sockets, threads and time, driven from one seed: bots trade, things break, an auditor checks.

`python -m simulator` runs many seeds, `python -m simulator --seed N` one of them again, step for step. Nothing in the
package knows about it: the simulator only uses the seams at its edge (event loop, clock, files, ASGI, transports).
"""
