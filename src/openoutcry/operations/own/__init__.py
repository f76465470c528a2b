"""What a team reads of itself: its account and positions, its orders and fills, its score, its P&L explained."""
