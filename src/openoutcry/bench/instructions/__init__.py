"""Instructions that a command costs, counted under valgrind. The counts do not depend on how busy the machine is."""
