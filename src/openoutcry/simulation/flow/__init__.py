"""Who trades for the exchange itself: the house market maker and the retail flow."""
