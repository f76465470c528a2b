"""From a data directory to a venue as it was: replay, snapshots, verification, repair."""
