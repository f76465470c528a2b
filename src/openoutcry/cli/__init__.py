"""The command line: one file per command, each thin over the code that does the work.

The base install of `openoutcry` is the client alone; the command needs the extra `[server]` and says so.
"""

import sys

from openoutcry.cli.exit_codes import ExitCode


def main() -> None:
    """Run the command `openoutcry`."""
    try:
        from openoutcry.cli.application import application
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("openoutcry"):
            raise
        sys.exit(_without_server(error.name))
    except KeyboardInterrupt:  # before anything has begun
        sys.exit(130)
    application()


def _without_server(module: str) -> int:
    sys.stderr.write(
        f"openoutcry: the command needs the server's parts, and {module!r} is not installed.\n"
        "Install them with: pip install 'openoutcry[server]'\n"
        "A bot needs none of them: openoutcry.run(MyBot, url) and openoutcry.client work as they are.\n"
    )
    return ExitCode.NOT_INSTALLED
