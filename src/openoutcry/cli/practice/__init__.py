"""`openoutcry practice`: an exchange that is always open, with a data directory for each day."""
