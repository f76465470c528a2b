"""Example bots of different kinds, built on the client only; each is one small file to read and to copy.

    from openoutcry.bots import BotStats, run_bots

    totals: list[BotStats] = await run_bots(
        "http://127.0.0.1:8000",
        seed=7,                 # the bots' decisions; timing is the machine's
        stop=asyncio.Event(),   # set it: the bots cancel their orders, then `run_bots` returns the final statistics
        on_stats=show,          # called with list[BotStats] every `stats_interval` seconds, on the same loop
        stats_interval=0.5,
        join_code=None,         # where registration is not open
    )

Each bot registers its own team. From a shell: `python -m openoutcry.bots --help`.
Imports `client` and `protocol` only.
"""

from openoutcry.bots.fleet import FLEET, Member, run_bots
from openoutcry.bots.statistics import BotStats

__all__ = ["FLEET", "BotStats", "Member", "run_bots"]
