"""`GET /admin/surveillance`: what an organiser is told, and that nobody else is."""

import pytest
from gateway_stage import seed_scenario, start_api
from msgspec import structs

from openoutcry.cli.admin.surveillance import lines_of
from openoutcry.domain.commands import AdvanceMarket, PhaseAt, StartSession
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.protocol.responses import ExcludedPairInfo, FindingInfo, SurveillanceData
from openoutcry.scenarios.model import SessionPlan, under_rulebook

WATCHED = under_rulebook(
    seed_scenario(
        session=SessionPlan(), scoring=ScoringRules(surveillance=SurveillanceRules(burst_messages=4, bursts=1))
    ),
    structs.replace(seed_scenario().rulebook, opening_phase="closed"),
)
START = StartSession(
    "2024-01-15", -18_000, (PhaseAt("continuous", 1_000, 1_000), PhaseAt("closed", 9_000, 9_000)), 1_000, 7
)


@pytest.fixture
async def exchange(open_on):
    exchange = open_on(WATCHED)
    exchange.sequencer.perform(START)
    return exchange


@pytest.fixture
async def api(exchange):
    return start_api(exchange)


async def found(api):
    return (await api.organiser.get("/admin/surveillance")).data


async def test_nothing_is_found_where_nothing_was_done(api):
    assert await found(api) == {"session_date": "2024-01-15", "findings": [], "exclusions": []}


async def test_a_finding_names_its_team_and_its_commands(api, alice, exchange):
    replies = [await alice.order("buy", 1, 1.0) for _ in range(5)]
    exchange.sequencer.perform(AdvanceMarket(1_001))
    [finding] = (await found(api))["findings"]
    assert finding == {
        "kind": "stuffing",
        "owners": ["team alice"],
        "teams": [alice.team_id],
        "measure": 1.0,
        "threshold": 1.0,
        "unit": "bursts",
        "since": "1969-12-31T19:16:41-05:00",
        "until": "1969-12-31T19:16:41-05:00",
        "trades": [],
        "trade_count": 0,
        "commands": [int(replies[3].headers["x-sequence"])],
        "command_count": 1,
        "excludes": False,
        "text": finding["text"],
    }
    assert "sent 1 times 4 messages or more about one instrument within a market second, 5 in all" in finding["text"]


async def test_only_an_organiser_is_told(api, alice):
    assert (await alice.get("/admin/surveillance")).refusal[0] in (401, 403)


async def test_nothing_is_watched_that_is_not_scored(open_on):
    reply = await start_api(open_on(seed_scenario())).organiser.get("/admin/surveillance")
    assert reply.refusal == (404, "NO_SCORES")
    assert reply.error["message"] == "Nothing is watched in this scenario: its file has no [scoring]"


def test_the_command_prints_each_finding_with_where_a_replay_shows_it():
    finding = FindingInfo(
        kind="transfer",
        owners=["team amber", "team birch"],
        teams=["TEAM_3", "TEAM_4"],
        measure=9_000.0,
        threshold=5_000.0,
        unit="currency",
        since="2024-03-14T10:00:00-04:00",
        until="2024-03-14T10:05:00-04:00",
        trades=[f"TRD_{number}" for number in range(8)],
        trade_count=8,
        commands=list(range(11, 19)),
        command_count=8,
        excludes=True,
        text="team amber gave team birch 9,000.",
    )
    pair = ExcludedPairInfo(
        owners=["team amber", "team birch"],
        teams=["TEAM_3", "TEAM_4"],
        kinds=["transfer"],
        trades=12,
        contracts=1_200,
        value=-9_500.5,
    )
    assert list(lines_of(SurveillanceData(session_date="2024-03-14", findings=[finding], exclusions=[pair]))) == [
        "transfer     TEAM_3, TEAM_4",
        "    team amber gave team birch 9,000.",
        "    9,000 currency, and 5,000 is too much",
        "    from 2024-03-14T10:00:00-04:00 to 2024-03-14T10:05:00-04:00",
        "    openoutcry replay DIRECTORY --until SEQUENCE shows each: 11, 12, 13, 14, 15 and 3 more",
        "excluded     12 trades of 1,200 contracts between team amber and team birch, worth -9,500.50 to team amber",
    ]
    nothing = SurveillanceData(session_date=None, findings=[], exclusions=[])
    assert list(lines_of(nothing)) == ["nothing found"]
