"""Teams by the command line: the live table, teams made from a file, and what is done with one of them."""
