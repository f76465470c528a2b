"""Bots in processes of their own: in step with the exchange's virtual time, and under limits."""
