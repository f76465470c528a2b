"""The recorded hour played as a trading day: a call and its uncross, continuous trading, a halt, a close."""
