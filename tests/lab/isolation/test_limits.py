"""A bot that meets a limit is ended and named: which limit, when, and where. Its orders are cancelled, others go on."""

import sys
from importlib.util import cache_from_source
from pathlib import Path
from textwrap import indent

import pytest
from lab_bots import Taker

from openoutcry.lab import Entrant, NotPlayable, run_match
from openoutcry.lab.isolation.limits import Limits
from openoutcry.lab.isolation.processes import Isolation

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the system keeps no limits")

BOT = """
import os, socket, subprocess, sys, threading, time
from openoutcry import Bot

class Culprit(Bot):
    role = "hedge_fund"

    def on_start(self):
        self.every(10)
        self.rings = 0

    def on_timer(self):
        if self.phase == "continuous":
            self.rings += 1
            self.buy("SPY", 1, self.underlyings["SPY"] - 1)
            if self.rings == 3:
"""
LINE = BOT.count("\n") + 1
"""On which the deed begins."""

DEEDS = {
    "hangs": "while True: pass",
    "catches": "while True:\n    try: time.sleep(99)\n    except BaseException: pass",
    "forks": "while True:\n    try: os.fork()\n    except OSError: pass",
    "hoards": "self.hoard = [bytearray(1 << 20) for _ in range(10_000)]",
    "wants": "bytearray(1 << 40)",
    "exits": "os._exit(3)",
    "leaves": "sys.exit()",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "closes": "os.closerange(3, 60)",
    "writes": "os.write(4, b'12345678' * 9)",
    "prints": "print('x' * 5_000_000)\nfor _ in range(100_000): print('word')",
    "raises": "1 / 0",
    "peeks": "raise RuntimeError(f'{os.listdir()} {sys.stdin.read()} {os.environ.get(\"ORGANISER_KEY\")}')",
}
NOT_ALLOWED = {
    "open('notes.txt', 'w')": "change a file: notes.txt",
    "os.mkdir('notes')": "change a file",
    "os.remove(__file__)": "change a file",
    "os.fork()": "start a process",
    "subprocess.run(['true'])": "start a process",
    "os.system('true')": "start a process",
    "threading.Thread(target=print).start()": "start a thread",
    "socket.create_connection(('127.0.0.1', 9))": "use the network",
    "os.kill(os.getppid(), 15)": "signal a process",
}


def written(file, deed):
    file.write_text(BOT + indent(deed, " " * 16) + "\n")
    return file


def descriptors():
    """Open ones of this process, where the system tells."""
    here = Path("/proc/self/fd")
    return len(list(here.iterdir())) if here.is_dir() else 0


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """One match of all the culprits, and of one who is none; and what is left of it."""
    folder, temporary = tmp_path_factory.mktemp("bots"), tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(temporary))
        patch.setenv("ORGANISER_KEY", "secret")
        bots = [Entrant(written(folder / f"{name}.py", deed), name) for name, deed in DEEDS.items()]
        before = descriptors()
        isolation = Isolation(limits=Limits(turn_seconds=3, memory_mb=400))
        result = run_match([*bots, Taker], seconds=300, isolated=isolation)
        assert descriptors() == before
    assert list(temporary.iterdir()) == []
    return result


TOO_LONG = "it took longer than the 3 seconds of a turn in on_timer, at {file}:"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hangs", TOO_LONG + "{line}, in on_timer: while True: pass, at 2024-03-14T"),
        ("catches", TOO_LONG),
        ("forks", TOO_LONG),
        ("hoards", "on_timer has met the limit of 400 MB of memory"),
        ("wants", "on_timer has met the limit of 400 MB of memory"),
        ("exits", "it ended its process, with exit code 3 in on_timer, at 2024-03-14T"),
        ("leaves", "on_timer raised SystemExit: "),
        ("crashes", "SIGSEGV ended it in on_timer, at "),
        ("closes", "it closed its pipe, or said what is none of this protocol"),
        ("writes", "it closed its pipe, or said what is none of this protocol"),
        ("raises", "on_timer raised ZeroDivisionError: division by zero"),
        ("peeks", "on_timer raised RuntimeError: []  None"),
    ],
)
def test_who_meets_a_limit_is_named(played, name, reason):
    found = played[name].stop_reason
    file = Path(found[found.index("/") : found.index(f"{name}.py")]) / f"{name}.py" if "{file}" in reason else None
    assert found.startswith(reason.format(file=file, line=LINE))


def test_orders_of_one_who_is_ended_are_cancelled(played):
    tables = played.tables
    for name in DEEDS.keys() - {"prints"}:
        own = [order for order in tables.orders if tables.names[order.team_id] == name]
        assert 2 <= len(own) <= 3, name
        assert {order.ended for order in own} <= {"mass_cancel", "filled"}, name


def test_the_others_go_on(played):
    assert played["Taker"].stop_reason is None
    assert played["Taker"].asked > 20


def test_one_that_prints_a_lot_goes_on(tmp_path, caplog):
    caplog.set_level("INFO", "openoutcry.bot")
    result = run_match(written(tmp_path / "printer.py", DEEDS["prints"]), seconds=300, isolated=True)
    assert result["Culprit"].stop_reason is None
    told = [text for _, _, text in caplog.record_tuples]
    assert sum(text.endswith(": word") for text in told) == 999
    assert any(text.endswith(": it has printed 1000 lines; further ones are not shown") for text in told)


def test_one_that_takes_too_much_processor_time(tmp_path):
    isolation = Isolation(limits=Limits(cpu_seconds=4))
    reason = run_match(written(tmp_path / "busy.py", DEEDS["hangs"]), seconds=300, isolated=isolation)[
        "Culprit"
    ].stop_reason
    assert reason.startswith("it used more than the 4 seconds of processor time that it has in on_timer, at ")
    assert f"busy.py:{LINE}, in on_timer: while True: pass, at 2024-03-14T" in reason


def test_what_an_isolated_bot_may_not_do(tmp_path):
    file = tmp_path / "culprit.py"
    told = [f"NotAllowed: an isolated bot may not {what}" for what in NOT_ALLOWED.values()]
    heard = "except Exception as error: told.append(f'{type(error).__name__}: {error}')"
    tries = [f"try: {deed}\n{heard}" for deed in NOT_ALLOWED]
    written(file, "\n".join(["told = []", *tries, "raise RuntimeError(chr(10).join(told))"]))
    result = run_match(file, seconds=300, isolated=True)
    assert result["Culprit"].stop_reason == "\n".join(["on_timer raised RuntimeError: " + told[0], *told[1:]])


def test_what_an_isolated_bot_may_not_read(tmp_path):
    out, own, other = tmp_path / "out", tmp_path / "own.py", tmp_path / "other.py"
    other.write_text("from openoutcry import Bot\nclass Other(Bot):\n    pass\n")
    (tmp_path / "link.py").symlink_to(other)
    (tmp_path / "shared.txt").write_text("shared")
    hidden = [str(other), str(tmp_path / "link.py"), cache_from_source(other), str(out / "journal" / "any")]
    heard = "except Exception as error: told.append(f'{type(error).__name__}: {error}')"
    tries = [f"try: open({path!r})\n{heard}" for path in hidden]
    read = [f"told.append(open({str(path)!r}).readline().strip())" for path in (tmp_path / "shared.txt", own)]
    written(own, "\n".join(["told = []", *tries, *read, "raise RuntimeError(chr(10).join(told))"]))
    own.write_text("# my own\n" + own.read_text())
    found = run_match([own, f"{other}:Other"], seconds=300, isolated=True, out=out)["Culprit"].stop_reason
    refused = "NotAllowed: an isolated bot may not read files of the match, or of another bot: "
    assert found == "on_timer raised RuntimeError: " + "\n".join(
        [*(refused + path for path in hidden), "shared", "# my own"]
    )


def test_two_isolated_bots_may_be_of_one_file(tmp_path):
    file = tmp_path / "both.py"
    file.write_text("from openoutcry import Bot\nclass A(Bot):\n    pass\nclass B(Bot):\n    pass\n")
    result = run_match([f"{file}:A", f"{file}:B"], seconds=300, isolated=True)
    assert [bot.name for bot in result.bots] == ["A", "B"]


def test_one_that_tries_is_ended_even_if_it_would_go_on(tmp_path):
    text = written(tmp_path / "culprit.py", "os.fork()").read_text()
    (tmp_path / "culprit.py").write_text(text.replace('role = "hedge_fund"', 'after_error = "go_on"'))
    result = run_match(tmp_path / "culprit.py", seconds=300, isolated=True)
    assert result["Culprit"].stop_reason == "on_timer raised NotAllowed: an isolated bot may not start a process"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import openoutcry\nwhile True: pass\n", "it took longer than the 3 seconds of a turn in import, at .*:2"),
        ("1 / 0\n", "raised an exception while it was imported"),
        ("open('x', 'w')\n", "an isolated bot may not change a file"),
        ("import os\nos._exit(0)\n", "it ended its process, with exit code 0 in import"),
        ("import openoutcry\nclass A(openoutcry.Bot):\n    def __init__(self, x): pass\n", "while a A was made"),
    ],
)
def test_a_file_that_gives_no_bot(tmp_path, text, told):
    file = tmp_path / "culprit.py"
    file.write_text(text)
    with pytest.raises(NotPlayable, match=told):
        run_match(file, isolated=Isolation(limits=Limits(turn_seconds=3)))


def test_a_limit_must_be_more_than_nothing():
    with pytest.raises(ValueError, match="memory_mb is 0: a limit must be more than 0"):
        Limits(memory_mb=0)
