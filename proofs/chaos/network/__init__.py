"""What lies between bots and exchange: connections that delay, break and swallow."""
