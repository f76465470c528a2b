"""`openoutcry bot run`: a bot of a file on a live exchange, and what is shown of bots here and after a simulation."""
