"""What stands between a bot and the exchange in its process: its line, operations, and how long messages take."""
