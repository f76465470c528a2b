"""The proof: a live day with a kill -9, then the same bots in the lab, then both judged by the same judges."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Final

from openoutcry import Bot
from openoutcry.bots.index_arbitrageur import IndexArbitrageur
from openoutcry.bots.option_market_maker import OptionMarketMaker
from openoutcry.bots.retail_trader import RetailTrader
from openoutcry.bots.volatility_trader import VolatilityTrader
from openoutcry.lab import MatchResult
from proofs.killed_day.checks import check_seconds
from proofs.killed_day.play import Kill
from proofs.live_lab import checks
from proofs.live_lab.lab import play_in_lab, round_trips
from proofs.live_lab.live import LiveDay, play_live
from proofs.report import Report
from proofs.scores.boards import Result, of_board
from proofs.scores.proof import compare


class HastyTrader(RetailTrader):
    """Asks each minute for more than any order may have, too: the others are hardly ever refused."""

    too_many = 1_000_000

    def on_timer(self) -> None:
        super().on_timer()
        if self.phase == "continuous" and self.greeks:
            self.buy(self.rng.choice(list(self.greeks)), self.too_many, self.underlyings["SPY"])


BOTS: Final[tuple[type[Bot], ...]] = (OptionMarketMaker, VolatilityTrader, IndexArbitrageur, HastyTrader)
"""An example bot of each role."""
CODES_SHOWN: Final = 4


def scenario_at(speed: int, folder: Path) -> str:
    """A file in `folder` with the default game at this speed."""
    text = resources.files("openoutcry.scenarios.shipped").joinpath("intern.toml").read_text(encoding="utf-8")
    path = folder / f"intern_at_{speed}.toml"
    path.write_text(text.replace("\n[schedule]\n", f"\n[schedule]\nspeed = {speed}\n"), encoding="utf-8")
    return str(path)


def prove_live_lab(
    scenario: str,
    folder: Path,
    *,
    seed: int,
    kills: Iterable[Kill],
    bots: Iterable[type[Bot]] = BOTS,
    say: Callable[[str], None] = lambda _: None,
) -> Report:
    """Play a session of `scenario`, a file or the name of a shipped one, live in the new directory `folder`/live and in
    the lab in `folder`/lab. Raises as `play_live`.
    """
    bots, began = tuple(bots), perf_counter()
    live = play_live(scenario, folder / "live", bots, seed=seed, kills=kills, say=say)
    kills_told = f"{len(live.lives) - 1} kill{'s' * (len(live.lives) != 2)} -9"
    report = Report(f"{len(bots)} bots live with {kills_told}, and in the lab")
    report.facts["played live in"] = f"{perf_counter() - began:.0f} s, at {_paces(live)} market seconds a second"
    say("playing in the lab")
    began = perf_counter()
    lab = play_in_lab(scenario, folder / "lab", bots, live, seed)
    report.facts["played in the lab in"] = f"{perf_counter() - began:.0f} s"
    judge(report, live, lab, folder / "lab", say)
    return report


def judge(
    report: Report, live: LiveDay, lab: MatchResult, in_lab: Path, say: Callable[[str], None] = lambda _: None
) -> None:
    """`in_lab`: the data directory of the lab's match."""
    say("comparing markets")
    check_seconds(report, live.data, in_lab, "the lab's")
    say("feeding the live commands to the lab")
    fed, scores = checks.check_fed(report, "live", live.data, live.state_hash)
    checks.check_told(report, live.data, live.bots)
    say("feeding the lab's own commands to it")
    checks.check_fed(report, "lab", in_lab, lab.state_hash)
    say("judging fills")
    fills = checks.check_rules(report, "live", live.data), checks.check_rules(report, "lab", in_lab)
    say("scoring")
    live_scores = checks.check_scores(report, "live", live.data, scores)
    compare(report, "live: the leaderboard after the close = openoutcry score", live_scores, of_board(live.board))
    played = [bot.score for bot in lab.bots if bot.score is not None]
    lab_scores = checks.check_scores(report, "lab", in_lab, played)
    report.facts |= {
        "session": lab.date,
        "killed at": ", ".join(
            f"{life.ended.time()} ({life.phase}, {life.under_way} requests under way)" for life in live.lives[:-1]
        ),
        "live journal": "" if fed is None else f"{fed.commands:,} commands, {fed.refused:,} of them refused",
        "lab journal": f"{lab.sequence:,} commands",
        "fills, live and lab": f"{fills[0]:,} and {fills[1]:,}",
    }
    for bot in live.bots:
        _tell_differences(report, bot.name, live, lab, live_scores, lab_scores)


def _tell_differences(
    report: Report, name: str, live: LiveDay, lab: MatchResult, live_scores: Result, lab_scores: Result
) -> None:
    """Facts, not claims: a bot's day is another where its requests take other times."""
    bot, twin = next(each for each in live.bots if each.name == name), lab[name]
    times, summary = round_trips(bot, live), bot.summary
    left_out = len(bot.line.answers) - len(times)
    report.facts |= {
        f"{name}: round trips live": f"{_quantiles(times)}; {left_out} cut or held up by a kill are left out",
        f"{name}: requests, live and lab": f"{bot.asked:,} and {twin.asked:,}",
        f"{name}: fills": f"{summary.fills:,} and {twin.fills:,} ({summary.contracts:,} and {twin.contracts:,} lots)",
        f"{name}: refusals": f"{_codes(summary.refusals)} and {_codes(twin.refusals)}",
        f"{name}: P&L": f"{summary.pnl:,.2f} and {twin.pnl:,.2f}",
        f"{name}: points": f"{_total(live_scores, name)} and {_total(lab_scores, name)}",
    }


def _total(scores: Result, name: str) -> str:
    return f"{scores[name]['total']:.2f}" if name in scores else "none"


def _codes(refusals: Mapping[str, int]) -> str:
    return ", ".join(f"{code} {number:,}" for code, number in Counter(refusals).most_common(CODES_SHOWN)) or "none"


def _quantiles(times: list[float]) -> str:
    if len(times) < 2:
        return f"{len(times)}"
    high = quantiles(times, n=100)
    return f"{len(times):,}, median {median(times):.1f} ms, 95 % {high[94]:.1f} ms, longest {max(times):.0f} ms"


def _paces(live: LiveDay) -> str:
    return " and ".join(f"{life.pace:.1f}" for life in live.lives)
