"""An hour of recorded order flow driven through a running server, and everything that comes back checked."""
