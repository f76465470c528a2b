"""What only an organiser may ask. Each action is a command, sequenced and journaled with who gave it and why."""
