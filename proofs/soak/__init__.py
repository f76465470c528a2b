"""The proof that an exchange can run for long. A hundred teams trade for minutes, with faults on their side.

Its memory and its answers are measured. At the end every private event is compared with the journal.
"""
