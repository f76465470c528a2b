"""The command `openoutcry` as a process, and what a person at the terminal does beside it."""

import json
import subprocess
import urllib.request

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
    call = urllib.request.Request(
        exchange.url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(call, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return json.load(refusal)


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
