"""A short session of a simulated market with teams in it, and journals that were tampered with afterwards."""

import random
import shutil

from journals import SyncsAtOnce, read_all

from openoutcry.bootstrap.market import market_of
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import Price, PublishNews, RegisterTeam, SubmitOrder, Why
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.types import TimestampUs
from openoutcry.journal.reader import START
from openoutcry.journal.writer import JournalWriter
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.fairness.verification import verify_fairness
from openoutcry.scenarios.loader import load_scenario
from openoutcry.venue.venue import Venue

OPENING = 1_710_423_000  # 2024-03-14 09:30 in New York

_SHORT = """
name = "short"
title = "A few minutes of a simulated market"

[registration]
open = true

[session]
date = 2024-03-14
calendar = "nyse"

[schedule]
call = 09:29:00
opening = 09:30:00
close = 09:32:00

[underlyings]
SPX = 4500

[chain]

[[chain.expiries]]
days = 0
strikes_percent = [-0.5, 0, 0.5]

[[chain.expiries]]
days = 7
strikes_percent = [0]

[pricing]
[settlement]
fixings = 6
[bands]
[cash]
[house]
[retail_flow]
[signals.volatility_forecast]
[signals.tracking_error]

[world]
news_gap_least_seconds = 30
news_gap_beyond_seconds = 10
"""


def short_scenario(folder):
    path = folder / "short.toml"
    path.write_text(_SHORT, encoding="utf-8")
    return load_scenario(path)


class Play:
    """An exchange on a data directory, in virtual time, whose teams enter orders by chance."""

    def __init__(self, scenario, folder, seed=11):
        self.scenario = scenario
        self.folder = folder
        self._seed = seed
        self.time = VirtualTime(TimestampUs((OPENING - 60) * 1_000_000))
        self._chance = random.Random(seed)
        self.open()

    def open(self):
        self.server = open_server(
            self.scenario,
            self.folder,
            admin_key_hash=bytes(32),
            loop=self.time,
            clock=self.time,
            seed=self._seed,
            start_helper=SyncsAtOnce,
        )
        self.sequencer = self.server.sequencer

    def register(self, name, role, nonce):
        self.sequencer.perform(RegisterTeam(name, role, name.encode() * 4, None, nonce))

    def trade_until(self, second):
        """Until this second of the world, with an order before every tenth thing that happens."""
        queries = self.sequencer.queries
        while queries.day().is_running and queries.day().market_time < OPENING + second:
            if self._chance.random() < 0.1:
                self._enter_order()
            self.time.leap()

    def _enter_order(self):
        queries, chance = self.sequencer.queries, self._chance
        instrument = chance.choice(queries.instruments())
        depth = queries.depth(instrument.instrument_id, 1)
        side = chance.choice(("buy", "sell"))
        levels = depth.asks if side == "buy" else depth.bids
        if levels:
            price = Price(levels[0][0])
            keyed = [team.team_id for team in queries.teams() if queries.has_key(team.team_id)]
            quantity = chance.choice((1, 3, 12))
            self.sequencer.submit(SubmitOrder(chance.choice(keyed), instrument.instrument_id, side, quantity, price))

    def let_die(self, folder):
        """Go on as after a crash, with a copy of what is on the disk."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("lock"))
        self.server.close()
        self.folder = folder
        self.open()

    def close(self):
        self.time.pass_seconds(2)
        self.server.close()


def play(scenario, folder, seed=11):
    """A whole session with teams, an organiser's news, and both kinds of restart in it. The data directory."""
    played = Play(scenario, folder, seed)
    played.register("alpha", "hedge_fund", "a-nonce")
    played.register("beta", "market_maker", None)
    played.register("gamma", "retail", "another-nonce")
    played.server.driver.start_session()
    played.trade_until(25)
    played.sequencer.perform(
        PublishNews("Rates rise", "bank", NewsOdds(), NewsEffect("high", -4_000), Why("Ann", "To liven it up"))
    )
    played.trade_until(50)
    played.server.close()
    played.open()
    played.trade_until(80)
    played.let_die(folder.with_name(f"{folder.name}-after-a-crash"))
    played.trade_until(1_000)
    played.close()
    return played.folder


def rewritten(folder, copy, change):
    """A copy of the directory whose journal has the records that `change` makes of all of them, judged anew.

    So it can be followed: whoever tampers with a journal knows how to make it consistent.
    """
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("journal", "snapshots", "events", "lock"))
    records, _ = read_all(folder / "journal")
    (copy / "journal").mkdir()
    scenario = DataDirectory(folder).kept_scenario()
    venue = Venue(scenario.rulebook, scenario.instruments)
    writer = JournalWriter(
        copy / "journal", START, scenario_hash=scenario.hash, start_helper=SyncsAtOnce, segment_bytes=1 << 40
    )
    for sequence, record in enumerate(change(records), start=1):
        verdict = venue.validate(record.command)
        if type(verdict) is Accepted:
            venue.execute(sequence, record.time, record.command)
        writer.append(Sequenced(sequence, record.time, record.command, verdict))
    writer.close(clean=True)
    return copy


def verified(folder):
    return verify_fairness(folder, market_of)


def failed(report):
    """The subjects of what failed."""
    found = [*report.findings, *(finding for session in report.sessions for finding in session.findings)]
    return {finding.subject for finding in found if finding.kind == "failed"}


def told(report, subject):
    """What was found about a subject, in the first session."""
    return next(finding for finding in report.sessions[0].findings if finding.subject == subject)
