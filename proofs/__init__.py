"""Proofs of the exchange: on recorded order flow, killed under load, in long runs, and with faults in virtual time.

Not part of the package: `make prove`, or `python -m proofs --help` from the root of the repository.
"""
