"""Scenario files: what is traded, who may trade it, by which rules.

The TOML files in this folder ship with the package and are found by name (`--scenario seed`).
Imports `domain` only.
"""
