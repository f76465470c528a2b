"""Example bots, each one small file with a class derived from `openoutcry.Bot`, to read and to copy; `running` lets a
`fleet` of them trade together, which `python -m openoutcry.bots` does from a shell.
"""
