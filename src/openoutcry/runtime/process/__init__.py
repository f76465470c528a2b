"""The process that the exchange runs in: figures, garbage, pauses of the loop, its build; one that ends with its parent."""
