"""`openoutcry scenario ...`: its commands, what the check tells of a sound file, and the file to begin with."""
