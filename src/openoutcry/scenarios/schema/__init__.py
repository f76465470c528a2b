"""The scenario file, key by key: allowed values, meanings and defaults; `file` has the whole, the others its tables.

Numbers with a fractional part are decimals, so that money in the file reaches the exchange exactly.
`make docs` writes every description to `docs/scenario-file.md`; a test compares the two.
"""
