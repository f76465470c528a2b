"""Load generators: plain sockets in one process. They must not limit the figures, so each reports how busy it was."""
