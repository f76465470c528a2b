"""Whole simulated days: replayed without a random number, verified, and many on end."""
