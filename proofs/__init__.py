"""The exchange proved on real input that nobody of this project made: commands for a person to run.

Not part of the package: `make prove`, or `python -m proofs --help` from the root of the repository.
"""
