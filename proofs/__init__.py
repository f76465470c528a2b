"""The exchange proved: on recorded order flow, killed under load, run for long, and broken in virtual time.

Not part of the package: `make prove`, or `python -m proofs --help` from the root of the repository.
"""
