"""Theoretical values and Greeks of European options: floats, no state. What leaves this room as a mark is an integer.

Whoever imports a module of this package imports numpy; an exchange whose scenario has no pricing does not.
"""
