"""A recorded match of three competitors: its log, and the replay in which the venue must make every trade of it."""
