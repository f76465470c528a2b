"""What can go wrong on the command line: one sentence and one exit code each. Only a bug shows a traceback."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from openoutcry.access.keys import UnusableKey
from openoutcry.bench.failures import MeasurementFailed
from openoutcry.cli.admin.trouble import NoUsableKey, RefusedByExchange, UnusableFile
from openoutcry.cli.bot.trouble import BotFailed
from openoutcry.cli.demonstration.server import ServerEnded
from openoutcry.cli.exit_codes import ExitCode
from openoutcry.client.bot.files.loading import BotFileError
from openoutcry.client.bot.live.joining import CannotJoin
from openoutcry.client.errors import NotConnectedError, OpenOutcryError, RefusedError
from openoutcry.gateway.server import CannotListen
from openoutcry.journal.lock import DirectoryInUse
from openoutcry.journal.segment import JournalCorrupt, JournalFormat
from openoutcry.journal.writer import JournalUnavailable
from openoutcry.lab.entrants import NotPlayable
from openoutcry.lab.recorded.recording import NothingRecorded
from openoutcry.playback.export.reading import NoExport
from openoutcry.runtime.data_directory import DirectoryUsed, NoExchangeHere
from openoutcry.runtime.recovery.completeness import JournalIncomplete
from openoutcry.runtime.recovery.repair import NotRepaired
from openoutcry.runtime.recovery.replay import EditedScenario, OtherScenario, ReplayFailed
from openoutcry.runtime.recovery.rerun import NoSuchMoment
from openoutcry.runtime.recovery.unscored import NoMatch, NoScoring
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.streams.private_streams import EventLogDamaged
from openoutcry.scenarios.loader import ScenarioError


class Failure(Exception):  # noqa: N818 - what ended the command
    """A command cannot go on; the text says what to do."""


_EXIT_CODES: Final[dict[type[Exception], ExitCode]] = {
    ScenarioError: ExitCode.SCENARIO,
    EditedScenario: ExitCode.DAMAGE,
    OtherScenario: ExitCode.SCENARIO,
    DirectoryUsed: ExitCode.DATA_DIRECTORY,
    DirectoryInUse: ExitCode.DATA_DIRECTORY,
    NoExchangeHere: ExitCode.DATA_DIRECTORY,
    UnusableKey: ExitCode.DATA_DIRECTORY,
    JournalCorrupt: ExitCode.DATA_DIRECTORY,
    JournalFormat: ExitCode.DATA_DIRECTORY,
    JournalIncomplete: ExitCode.DATA_DIRECTORY,
    JournalUnavailable: ExitCode.DATA_DIRECTORY,
    ReplayFailed: ExitCode.DATA_DIRECTORY,
    NoSuchMoment: ExitCode.USAGE,
    NoScoring: ExitCode.SCENARIO,
    NoMatch: ExitCode.DATA_DIRECTORY,
    NoExport: ExitCode.DATA_DIRECTORY,
    EventLogDamaged: ExitCode.DATA_DIRECTORY,
    NotRepaired: ExitCode.FAILED,
    Unavailable: ExitCode.DATA_DIRECTORY,
    CannotListen: ExitCode.NETWORK,
    ServerEnded: ExitCode.FAILED,
    MeasurementFailed: ExitCode.FAILED,
    NotConnectedError: ExitCode.NETWORK,
    CannotJoin: ExitCode.USAGE,
    RefusedError: ExitCode.REFUSED,
    OpenOutcryError: ExitCode.FAILED,
    RefusedByExchange: ExitCode.REFUSED,
    NoUsableKey: ExitCode.USAGE,
    UnusableFile: ExitCode.USAGE,
    BotFileError: ExitCode.BOT,
    BotFailed: ExitCode.BOT,
    NotPlayable: ExitCode.BOT,
    NothingRecorded: ExitCode.DATA_DIRECTORY,
    Failure: ExitCode.FAILED,
}


def _remedy(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "make room on the disk, then start again"
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        return "a file stands where a directory must be: name another place"
    return "check that it exists and may be written"


@contextmanager
def failures_told() -> Iterator[None]:
    """Around a command: an expected error becomes a sentence on stderr and an exit code."""
    try:
        yield
    except tuple(_EXIT_CODES) as error:
        code = next(code for kind, code in _EXIT_CODES.items() if isinstance(error, kind))
        sys.stderr.write(f"openoutcry: {error}\n")
        raise SystemExit(code) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"openoutcry: {where}{error.strerror or error}; {_remedy(error)}\n")
        raise SystemExit(ExitCode.DATA_DIRECTORY) from None
