"""The same scores, to the last digit: live, after restarts, and from the finished journal."""
