"""The REST routes, and the documents that describe them."""
