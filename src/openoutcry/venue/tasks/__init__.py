"""What is done in slices: a file per family of tasks, and one table."""
