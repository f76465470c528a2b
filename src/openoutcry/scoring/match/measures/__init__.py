"""What is measured of every participant: a file for each input of the scores, or a few that belong together."""
