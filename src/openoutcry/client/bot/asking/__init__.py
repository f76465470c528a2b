"""What a bot asks for: on the grid of its instrument and at the pace of its limits; and refusals."""
