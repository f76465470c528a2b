"""One writer: the sequencer, answers that wait for the disk, timers that cancel orders."""
