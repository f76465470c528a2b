"""The teams' private streams on disk: derived from the journal, made anew where they fall short."""
