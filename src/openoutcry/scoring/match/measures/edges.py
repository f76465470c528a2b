"""Edge: what fills were worth a minute later, as maker and in all."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from openoutcry.domain.types import Money, TradeId
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import Trade, ValuedTrade


class EdgesState(Struct):
    edges: list[tuple[int, int]]
    values: dict[TradeId, Money]


class Edges(Part):
    name = "edges"
    state_type = EdgesState

    def __init__(self) -> None:
        self._edges: list[tuple[int, int]] = []
        """Of each participant: as maker, and of all fills."""
        self._values: dict[TradeId, Money] = {}
        """Of the trades that are in them."""

    def session_began(self, *_of_session: object) -> None:
        self._edges = [(0, 0)] * len(self._edges)
        self._values.clear()

    def registered(self, participant: Participant) -> None:  # noqa: ARG002 - a part
        self._edges.append((0, 0))

    def valued(self, trade: ValuedTrade) -> None:
        self._values[trade.trade.trade_id] = trade.value
        self._add(trade.trade, trade.value)

    def busted(self, trade: Trade) -> None:
        value = self._values.pop(trade.trade_id, None)
        if value is not None:
            self._add(trade, -value)

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:
        maker_edge, edge = self._edges[row]
        for each in excluded:
            as_maker, in_all = edges_of(row, each.trade, each.value)
            maker_edge -= as_maker
            edge -= in_all
        return {"maker_edge": maker_edge, "edge": edge}

    def _add(self, trade: Trade, value: int) -> None:
        for row in {trade.buyer.row, trade.seller.row}:
            if row is not None:
                (maker_edge, edge), (as_maker, in_all) = self._edges[row], edges_of(row, trade, value)
                self._edges[row] = maker_edge + as_maker, edge + in_all

    def state(self) -> EdgesState:
        return EdgesState(self._edges, self._values)

    def restore(self, state: EdgesState) -> None:
        self._edges, self._values = state.edges, state.values


def edges_of(row: int, trade: Trade, value: int) -> tuple[int, int]:
    """What a trade of this value to the buyer is to the participant, as maker and in all."""
    as_maker = in_all = 0
    for trader, share in ((trade.buyer, value), (trade.seller, -value)):
        if trader.row == row:
            in_all += share
            if trader.liquidity == "maker":
                as_maker += share
    return as_maker, in_all
