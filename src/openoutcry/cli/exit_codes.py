"""How a command ends: one number for each kind of trouble, so that scripts can tell them apart."""

from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """0 is success; 2 is typer's, for a command line that it cannot read."""

    FAILED = 1
    USAGE = 2
    SCENARIO = 3
    DATA_DIRECTORY = 4
    NETWORK = 5
    NOT_INSTALLED = 6
    DAMAGE = 7
    REFUSED = 8
    BOT = 9


EXIT_CODES_HELP: Final = (
    "Exit codes: 0 success; 1 failed while running, or a check was interrupted; 2 command line not understood;"
    " 3 scenario refused; 4 data directory cannot be used; 5 address cannot be listened on,"
    " or no exchange answers there; 6 the extra \\[server] is not installed;"
    " 7 a check found what is not as it should be, or the rules kept in the data directory were edited;"
    " 8 the exchange refused it; 9 no bot can be loaded from the file, or the bot has failed."
)
