"""Fair play as anybody can ask for it."""

from openoutcry.access.caller import Caller
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.types import TeamId
from openoutcry.operations.result import Result
from openoutcry.protocol.responses import FairnessData
from openoutcry.runtime.exchange import Exchange


def show_fairness(exchange: Exchange, _caller: Caller) -> Result[FairnessData]:
    return Result(exchange.clock.now(), fairness_data(exchange))


def fairness_data(exchange: Exchange) -> FairnessData:
    """Of the session under way or last: nonces are told from its start on, the seed after its end."""
    queries = exchange.sequencer.queries
    fairness = queries.fairness()
    teams = fairness.teams if fairness.commitment is not None else 0
    return FairnessData(
        commitment=_hex(fairness.commitment),
        nonces={
            format_team_id(TeamId(number)): nonce
            for number, nonce in enumerate(queries.nonces()[:teams], start=1)
            if nonce is not None
        },
        seed=_hex(fairness.seed),
        world_digest=fairness.world_digest,
        scenario_hash=exchange.scenario.hash,
        next_commitment=_hex(fairness.next_commitment),
        withdrawn=fairness.withdrawn,
    )


def _hex(data: bytes | None) -> str | None:
    return None if data is None else data.hex()
