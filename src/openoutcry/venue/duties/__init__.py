"""The duties of roles, measured on market time, and the ladder of sanctions."""
