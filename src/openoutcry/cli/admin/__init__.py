"""`openoutcry admin WHAT`: the organiser's commands, each one request to a running exchange."""
