"""Open Outcry: an exchange for trading bots."""

__version__ = "0.1.0"
