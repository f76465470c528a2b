"""The teams' private streams on disk: derived from the journal, and completed from it."""
