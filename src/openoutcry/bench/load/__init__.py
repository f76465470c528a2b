"""Load generators: plain sockets in one process, which must not be what is measured. Each says how busy it was."""
