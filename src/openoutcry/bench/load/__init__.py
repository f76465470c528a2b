"""Load generators: plain sockets in one process, which must not limit the figures. Each says how busy it was."""
