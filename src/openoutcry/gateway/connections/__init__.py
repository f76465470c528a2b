"""HTTP connections: what each may take and how it ends, whose turn it is, who has a place."""
