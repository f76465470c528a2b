"""Instructions that a command costs, counted under valgrind: the same in every run, however busy the machine is."""
