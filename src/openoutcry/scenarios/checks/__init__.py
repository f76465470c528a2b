"""What does not fit together between the tables of a scenario file; `table.py` lists all checks."""
