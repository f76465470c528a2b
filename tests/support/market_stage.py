"""The default game with its simulated market, in a session of half an hour or less."""

import datetime as dt
from importlib import resources

from openoutcry.scenarios.loader import load_scenario

CALL_SECONDS = 300
SESSION_SECONDS = 1_800
WHOLE_SECONDS = CALL_SECONDS + SESSION_SECONDS

_HOURS = """
[schedule]
call = 09:25:00
opening = 09:30:00
close = {close}
speed = {speed}
"""


def half_hour(folder, date="2024-03-14", speed=1, minutes=30):
    """`intern` with short hours: a call of five minutes, and so many minutes of trading."""
    close = dt.time(10) if minutes == 30 else dt.time(9, 30 + minutes)
    text = resources.files("openoutcry.scenarios.shipped").joinpath("intern.toml").read_text(encoding="utf-8")
    for table, instead in (
        ("\n[schedule]\n", _HOURS.format(close=close, speed=speed)),
        ("\n[session]\n", f"\n[session]\ndate = {date}\n"),
        ("\n[breaker]\n", "\n[breaker]\nquiet_seconds = 60\n"),
    ):
        assert table in text
        text = text.replace(table, instead)
    path = folder / "half_hour.toml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)
