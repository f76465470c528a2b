"""Scenario files: what is traded, who may trade it, by which rules.

`schema` has the keys of a file, `loader` reads one. The files in `shipped` come with the package and are found by name
(`--scenario seed`). Imports `domain` only.
"""
