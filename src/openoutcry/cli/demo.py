"""`openoutcry demo`: an exchange with example bots trading on it, to watch."""


def demo() -> None:
    """Stub"""
