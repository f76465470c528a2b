"""The process that the exchange runs in: figures, garbage, pauses of the loop, its build; children that end with it."""
