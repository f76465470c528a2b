"""The hash of a scenario: rules of the day count only where they are set."""

import msgspec
import pytest
from msgspec.structs import replace

from openoutcry.domain.day.game_rules import BandRules, DayRules, GameRules
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Scenario, under_rulebook

# Before there were rules of the day.
HASHES = {
    "seed": "018bcaa329e2d0738a7f36629efc364beaac9b7b3706af5fa962cbefa82d2d26",
    "demo": "7649afb96b8b10867995145cbe64df81e61fc18150067a3426f915d857620c9a",
    "match": "303117e9afa2bb777d34508540580117cb9e2450c1562438dd189a6a9caa062a",
    "orderflow": "e1dff677806f414940fddb2c1c6bba184e448d64725d3438867dd4e21af5255b",
}


@pytest.mark.parametrize("name", HASHES)
def test_a_scenario_without_rules_of_the_day_keeps_its_hash(name):
    assert load_scenario(name).hash == HASHES[name]


def test_each_rule_of_the_day_counts():
    seed = load_scenario("seed")
    games = [GameRules(), GameRules(day=DayRules()), GameRules(band=BandRules()), GameRules(band=BandRules(spot_ppm=1))]
    hashes = {under_rulebook(seed, replace(seed.rulebook, game=game)).hash for game in games}
    assert len(hashes) == len(games)


def test_a_scenario_kept_before_there_was_a_day_is_read_as_it_was():
    seed = load_scenario("seed")
    kept = msgspec.to_builtins(seed)
    for new in ("calendar", "session", "chain", "index", "pricing"):
        del kept[new]
    del kept["rulebook"]["game"]
    del kept["registration"]["role_codes"], kept["rate_limits"]["changed_side_tokens"]
    read = msgspec.json.decode(msgspec.json.encode(kept), type=Scenario)
    assert under_rulebook(read, read.rulebook) == seed
