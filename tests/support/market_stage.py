"""The default game with its simulated market, in a session of half an hour."""

from importlib import resources

from openoutcry.scenarios.loader import load_scenario

CALL_SECONDS = 300
SESSION_SECONDS = 1_800
WHOLE_SECONDS = CALL_SECONDS + SESSION_SECONDS

_HOURS = """[schedule]
call = 09:25:00
opening = 09:30:00
close = 10:00:00
speed = {speed}
"""


def half_hour(folder, date="2024-03-14", speed=1):
    """`intern` with short hours."""
    text = resources.files("openoutcry.scenarios.shipped").joinpath("intern.toml").read_text(encoding="utf-8")
    assert "\n[schedule]\n" in text
    text = text.replace("\n[schedule]\n", "\n" + _HOURS.format(speed=speed)).replace(
        "[session]", f"[session]\ndate = {date}"
    )
    path = folder / "half_hour.toml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)
