"""The parts of `openoutcry demo`: a server in a process of its own, bots, a watcher of the market, a screen."""
