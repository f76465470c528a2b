"""HTTP connections: what each may use and how it ends, turns of requests, places among all connections."""
