"""What a script shows of its bot's log: all that matters by itself, and what it has configured where it has."""

import re
import subprocess
import sys

import pytest
from served_exchange import PATIENCE_SECONDS

SCRIPT = """
import logging
import sys
import openoutcry

class Mine(openoutcry.Bot):
    role = "hedge_fund"

    async def on_start(self):
        self.log.debug("looking")
        self.log.info("hello")
        await self.buy("NO_SUCH_THING", 1, 1.0).verdict()
        self.stop("seen")

CONFIGURED
openoutcry.run(Mine, sys.argv[1], name=sys.argv[2])
logging.getLogger("openoutcry.bot").info("after it")
"""


def said_by(exchange, folder, name, configured):
    script = folder / "script.py"
    script.write_text(SCRIPT.replace("CONFIGURED", configured))
    command = [sys.executable, script, exchange.url, name]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=PATIENCE_SECONDS, check=True)
    return done.stdout, done.stderr


def test_a_script_that_says_nothing_of_logs_shows_what_its_bot_tells_and_what_is_refused(exchange, tmp_path, team_name):
    out, err = said_by(exchange, tmp_path, team_name(), "")
    assert out == ""
    hello, refused = err.splitlines()
    assert re.fullmatch(r"[\d-]+ [\d:,]+ INFO hello", hello)
    assert re.fullmatch(r"[\d-]+ [\d:,]+ WARNING refused: .*NO_SUCH_THING.*INVALID_INSTRUMENT.*", refused)


@pytest.mark.parametrize(
    ("configured", "out", "err"),
    [
        ("logging.basicConfig(format='%(message)s', stream=sys.stdout)", ["refused:"], []),
        ("logging.basicConfig(format='%(message)s', level='DEBUG')", [], ["looking", "hello", "refused:", "after it"]),
        ("logging.getLogger('openoutcry').addHandler(logging.NullHandler())", [], []),
        ("logging.getLogger('openoutcry.bot').setLevel('ERROR')", [], []),
        ("logging.getLogger('openoutcry').setLevel('DEBUG')", [], ["looking", "hello", "refused:"]),
    ],
)
def test_what_a_script_has_configured_holds(exchange, tmp_path, team_name, configured, out, err):
    said = said_by(exchange, tmp_path, team_name(), configured)
    words = r"looking|hello|refused:|after it"
    assert [re.findall(words, text) for text in said] == [out, err]
