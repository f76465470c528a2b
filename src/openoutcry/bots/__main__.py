"""`python -m openoutcry.bots`: let the example bots trade on an exchange until Ctrl-C."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping

import msgspec

from openoutcry.bots.fleet import FLEETS
from openoutcry.bots.running import run_bots
from openoutcry.bots.statistics import BotStats
from openoutcry.client import OpenOutcryError


def main() -> int:
    """Run the bots. The exit code is 0 after Ctrl-C or the time that was asked for, 1 if no bot could trade."""
    kinds = ", ".join(sorted({member.role or "" for fleet in FLEETS.values() for member in fleet}))
    parser = argparse.ArgumentParser(
        prog="python -m openoutcry.bots",
        description=f"Example bots: {kinds}.",
        epilog="OPENOUTCRY_ROLE_CODES holds the codes of roles that have their own, as JSON: a code for each name.",
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="address of the exchange (%(default)s)")
    parser.add_argument(
        "--fleet",
        choices=sorted(FLEETS),
        default="game",
        help="bots for a simulated market, or for one in which prices of underlyings stand still (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the bots' decisions (%(default)s)")
    parser.add_argument("--seconds", type=float, help="how long to trade (default: until Ctrl-C)")
    parser.add_argument("--until-input-ends", action="store_true", help="trade until standard input is closed")
    parser.add_argument(
        "--join-code",
        default=os.environ.get("OPENOUTCRY_JOIN_CODE"),
        help="the organiser's code, if registration is not open (default: OPENOUTCRY_JOIN_CODE)",
    )
    parser.add_argument(
        "--key-directory", help="directory for the keys of the teams (default: each start registers new teams)"
    )
    arguments = parser.parse_args()
    role_codes = os.environ.get("OPENOUTCRY_ROLE_CODES")
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        codes = None if role_codes is None else msgspec.json.decode(role_codes, type=dict[str, str])
        asyncio.run(_run(arguments, codes))
    except (OpenOutcryError, msgspec.DecodeError, ValueError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command prints
        return 1
    return 0


async def _run(arguments: argparse.Namespace, role_codes: Mapping[str, str] | None) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    if sys.platform != "win32":  # whose event loops take no handlers of signals
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
    if arguments.seconds is not None:
        loop.call_later(arguments.seconds, stop.set)
    if arguments.until_input_ends:
        threading.Thread(target=_wait_for_end_of_input, args=(loop, stop), daemon=True).start()
    await run_bots(
        arguments.url,
        seed=arguments.seed,
        stop=stop,
        on_stats=_show,
        stats_interval=5.0,
        join_code=arguments.join_code,
        role_codes=role_codes,
        key_directory=arguments.key_directory,
        fleet=FLEETS[arguments.fleet],
    )


def _wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    with contextlib.suppress(RuntimeError):  # the bots have stopped already
        loop.call_soon_threadsafe(stop.set)


def _show(stats: list[BotStats]) -> None:
    print(f"{'bot':<12}{'sent':>8}{'refusals':>9}{'fills':>7}{'contracts':>11}{'open':>6}{'profit':>12}")  # noqa: T201
    for bot in stats:
        print(  # noqa: T201
            f"{bot.name:<12}{bot.requests:>8}{bot.refusals:>9}{bot.fills:>7}{bot.contracts:>11}"
            f"{bot.open_orders:>6}{bot.profit:>12.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())
