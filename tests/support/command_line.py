"""The command `openoutcry` as a process, and what a person at the terminal does beside it."""

import subprocess

from served_exchange import OPENOUTCRY, PATIENCE_SECONDS


def openoutcry(*arguments, **options):
    return subprocess.run(
        [*OPENOUTCRY, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
        **options,
    )


def request(exchange, method, path, body=None, **headers):
    """The answer, whatever its status."""
    return exchange.ask(method, path, body, **headers)[1]


def register(exchange, name, **terms):
    data = request(exchange, "POST", "/teams", {"team_name": name, **terms})["data"]
    return {"X-API-Key": data["api_key"]}


def assert_told(result, code, *words):
    """It ended with this exit code and these words on stderr, and no traceback."""
    assert result.returncode == code, result.stderr
    for word in words:
        assert word in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
