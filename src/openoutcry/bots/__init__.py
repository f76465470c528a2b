"""Example bots of different kinds. Each is one small file on top of the client, to read and to copy.

    from openoutcry.bots import BotStats, run_bots

    totals: list[BotStats] = await run_bots(
        "http://127.0.0.1:8000",
        seed=7,                 # of the bots' decisions; their timing varies
        stop=asyncio.Event(),   # set it: the bots cancel their orders, then `run_bots` returns the final statistics
        on_stats=show,          # called with list[BotStats] every `stats_interval` seconds, on the same loop
        stats_interval=0.5,
        join_code=None,         # if registration is not open
        role_codes=None,        # such as {"market_maker": "..."}, where a role has a code of its own
        fleet=GAME_FLEET,       # for a simulated market; STILL_FLEET where prices of underlyings stand still
    )

Each bot registers its own team. From a shell: `python -m openoutcry.bots --help`.
The package imports `client`, `protocol` and the domain's types only.
"""

from openoutcry.bots.fleet import FLEETS, GAME_FLEET, STILL_FLEET, Member, run_bots
from openoutcry.bots.statistics import BotStats

__all__ = ["FLEETS", "GAME_FLEET", "STILL_FLEET", "BotStats", "Member", "run_bots"]
