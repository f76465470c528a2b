"""A bot on a live exchange: its line over the client, its life from the connection to the last cancel, and `run`."""
