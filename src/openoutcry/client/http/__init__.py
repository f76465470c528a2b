"""The request lane: each route of the exchange as a method, safe repetition of a request, and HTTP below it."""
