"""One team's part of a chronicle, in a file that can be given to it."""
