"""What the venue knows: markets, teams and what they hold, the day, fair play. Nothing here acts on anything else."""
