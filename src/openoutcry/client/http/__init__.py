"""The request lane: each route as a method, the safe repetition of requests, and HTTP."""
