"""The commands of a finished data directory in the lab: fed as they were, or as the background of other bots."""
