"""The machine that an exchange runs on, in virtual time: clock, loop, disk, processes."""
