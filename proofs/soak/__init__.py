"""The proof that an exchange can run on and on: a hundred teams trading for minutes, with all that goes wrong on their
side, while its memory and its answers are measured; and at the end every private event held against the journal.
"""
