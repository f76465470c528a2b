"""The world of one session: prices, regimes, news and signals as arrays over its seconds."""
