"""What must hold of a trading day, by rules of the auditor's own: time, phases, auctions, settlements, duties."""
