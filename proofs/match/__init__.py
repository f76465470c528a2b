"""A recorded match of three competitors: its log, and the venue that must give every trade of it."""
