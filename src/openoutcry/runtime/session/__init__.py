"""The trading day as it runs: the market's clock, and the driver that starts sessions and ticks."""
