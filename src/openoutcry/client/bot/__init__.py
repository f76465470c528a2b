"""A bot as one class. It knows no network: its line to an exchange may be a connection or a simulation."""
