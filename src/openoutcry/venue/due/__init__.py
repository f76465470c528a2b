"""What is done when a timer on market time comes due: a file per family of timers, and one table."""
