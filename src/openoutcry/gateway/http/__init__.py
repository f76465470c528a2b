"""The words of HTTP: connections, bodies, answers, their bytes and their limits."""
