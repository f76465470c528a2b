"""Matches of honest teams and, in some, one that cheats: surveillance must find the cheat and name nobody else."""
