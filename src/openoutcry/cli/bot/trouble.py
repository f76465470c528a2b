"""What can go wrong with a bot that runs."""


class BotFailed(Exception):  # noqa: N818 - what ended the command
    """A bot has ended because its own code failed; the text says where."""
