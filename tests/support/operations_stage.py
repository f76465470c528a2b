"""Callers and requests, for tests that ask an exchange without HTTP."""

from gateway_stage import CALL

from openoutcry.access.caller import Caller
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.operations import teams
from openoutcry.protocol.requests import OrderRequest, TeamRequest


def register(exchange, name, role="market_maker"):
    """A caller for a new team."""
    result = teams.register_team(exchange, Caller(), TeamRequest(team_name=name, role=role))
    return Caller(parse_team_id(result.data.team_id))


def limit_order(side, quantity, price, **terms):
    return OrderRequest(instrument_id=CALL, side=side, quantity=quantity, price=price, **terms)
