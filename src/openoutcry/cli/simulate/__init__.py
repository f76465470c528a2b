"""`openoutcry simulate`: days of a market, without participants or with bots, as fast as they can be computed."""
