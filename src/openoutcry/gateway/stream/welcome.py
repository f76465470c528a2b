"""The `welcome` of a connection: how the team stands, as of the event from which the stream goes on."""

from openoutcry.domain.identifiers import NO_ID, format_team_id
from openoutcry.domain.types import OrderId, TeamId
from openoutcry.operations.own.account import rates_of
from openoutcry.protocol.responses import MAX_ORDERS_SHOWN
from openoutcry.protocol.stream import Welcome
from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.runtime.exchange import Exchange


def welcome_of(exchange: Exchange, session_id: str, team_id: TeamId | None) -> Welcome:
    """For this team, or for nobody. All of it is as of the venue's last event: call it in the turn that tells it."""
    scenario, queries, translator = exchange.scenario, exchange.sequencer.queries, exchange.translator
    welcome = Welcome(
        session_id=session_id,
        epoch=exchange.sequencer.epoch,
        team_id=None,
        next_seq=None,
        positions=None,
        account=None,
        orders=None,
        heartbeat_seconds=scenario.heartbeat_seconds,
        timestamp=format_timestamp(exchange.clock.now()),
    )
    if team_id is not None:
        role = queries.role_of(team_id)
        welcome.team_id = format_team_id(team_id)
        welcome.next_seq = queries.last_seq(team_id) + 1
        welcome.positions = translator.positions(queries.positions(team_id))
        welcome.account = translator.account_info(
            queries.account(team_id), scenario.rulebook.roles[role], rates_of(scenario.rate_limits, role)
        )
        orders, welcome.orders_omitted = queries.open_orders_page(team_id, limit=MAX_ORDERS_SHOWN, after=OrderId(NO_ID))
        welcome.orders = [translator.order_info(order) for order in orders]
    return welcome
