"""The replay's own small server, for one person on the same machine: pages, and moments as JSON."""
