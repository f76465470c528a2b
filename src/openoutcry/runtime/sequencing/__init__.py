"""One writer: the sequencer, answers that wait for the disk, timers of bots that die."""
