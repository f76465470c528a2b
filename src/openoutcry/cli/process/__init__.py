"""An exchange as a process of its own: until when it runs, its signals, its log, the bots beside it."""
