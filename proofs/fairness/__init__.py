"""A simulated day, checked for fair play under other versions of numpy and on other kinds of processors."""
