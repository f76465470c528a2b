"""Views of the venue's state as the data of REST answers."""

from collections.abc import Mapping

from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.day.quote_protection import LIMIT_UNITS, PPM, ProtectedGroupView
from openoutcry.domain.events import TradeBusted
from openoutcry.domain.identifiers import format_order_id, format_team_id, format_trade_id
from openoutcry.domain.instruments import Instrument, InstrumentStatus, Settlement
from openoutcry.domain.orders import SIDE_NAMES
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import MONEY_UNITS, InstrumentId, TeamId, TimestampUs
from openoutcry.domain.views import (
    AccountView,
    DepthView,
    FillView,
    HoldingView,
    OrderView,
    StandingView,
    TeamView,
    TradeView,
)
from openoutcry.protocol.responses import (
    AccountInfo,
    BustedData,
    ExposureInfo,
    FillInfo,
    HoldingInfo,
    InstrumentInfo,
    OrderBookData,
    OrderInfo,
    ProtectedGroupInfo,
    RateInfo,
    StandingData,
    TeamInfo,
    TradeInfo,
)
from openoutcry.protocol.timestamps import format_moment, format_timestamp
from openoutcry.protocol.translation.price_grids import FindInstrument, PriceGrids, levels_of
from openoutcry.protocol.translation.standing import duties_of, limits_of, sanctions_of


class ViewTranslator(PriceGrids):
    """Writes the venue's views as data of answers."""

    def __init__(self, find_instrument: FindInstrument) -> None:
        super().__init__(find_instrument)
        # Only its status changes an instrument's data, and anyone may ask for a list of thousands.
        self._instrument_infos: dict[tuple[InstrumentId, InstrumentStatus], InstrumentInfo] = {}

    def order_info(self, order: OrderView) -> OrderInfo:
        price = order.price
        return OrderInfo(
            order_id=format_order_id(order.order_id),
            client_order_id=order.client_order_id,
            instrument_id=order.instrument_id,
            side=SIDE_NAMES[order.side],
            price=None if price is None else self._instruments[order.instrument_id].price_of(price),
            quantity=order.quantity,
            remaining_quantity=order.remaining_quantity,
            status=order.status,
            time_in_force=order.time_in_force,
            post_only=order.post_only,
            submitted_at=format_timestamp(order.submitted_at),
        )

    def fill_info(self, fill: FillView) -> FillInfo:
        return FillInfo(
            trade_id=format_trade_id(fill.trade_id),
            order_id=format_order_id(fill.order_id),
            client_order_id=fill.client_order_id,
            instrument_id=fill.instrument_id,
            side=SIDE_NAMES[fill.side],
            price=self._instruments[fill.instrument_id].price_of(fill.price),
            quantity=fill.quantity,
            liquidity_type=fill.liquidity_type,
            fees=fill.fees / MONEY_UNITS,
            timestamp=format_timestamp(fill.time),
            busted=fill.busted,
        )

    def account_info(self, account: AccountView, rules: RoleRules, rates: dict[str, RateInfo]) -> AccountInfo:
        """The account with the limits of its role beside what is used of them, and the `rates` of its requests."""
        return AccountInfo(
            team_id=format_team_id(account.team_id),
            team_name=account.team_name,
            role=account.role,
            suspended=account.suspended,
            cash=account.cash / MONEY_UNITS,
            realized_pnl=account.realized_pnl / MONEY_UNITS,
            unrealized_pnl=account.unrealized_pnl / MONEY_UNITS,
            fees_paid=account.fees_paid / MONEY_UNITS,
            open_orders=account.open_orders,
            maximum_open_orders=rules.maximum_open_orders,
            maximum_order_size=rules.maximum_order_size,
            total_option_exposure=account.total_option_exposure,
            total_option_exposure_limit=rules.total_option_exposure,
            exposure={
                exposure.instrument_id: ExposureInfo(
                    position=exposure.position,
                    open_buy_quantity=exposure.open_buy_quantity,
                    open_sell_quantity=exposure.open_sell_quantity,
                    limit=exposure.limit,
                )
                for exposure in account.exposure
            },
            may_quote=rules.may_quote,
            may_rest_both_sides=rules.may_rest_both_sides,
            delta=account.delta / DUTY_UNITS,
            limits=limits_of(account, rules),
            duties=duties_of(account.standing),
            sanctions=sanctions_of(account.standing),
            reduce_only=account.standing is not None and account.standing.is_reduce_only,
            equity=account.equity / MONEY_UNITS,
            requirement=None if account.requirement is None else account.requirement / MONEY_UNITS,
            rates=rates,
        )

    def standing_data(self, team_id: TeamId, standing: StandingView | None) -> StandingData:
        return StandingData(
            team_id=format_team_id(team_id),
            duties=duties_of(standing),
            sanctions=sanctions_of(standing),
            reduce_only=standing is not None and standing.is_reduce_only,
        )

    def protected_group_info(self, view: ProtectedGroupView) -> ProtectedGroupInfo:
        settings = view.settings

        def time(moment: TimestampUs | None) -> str | None:
            return None if moment is None else format_moment(moment, view.utc_offset)

        return ProtectedGroupInfo(
            group=view.group,
            quantity=settings.quantity or None,
            delta=settings.delta / LIMIT_UNITS["delta"] or None,
            vega=settings.vega / LIMIT_UNITS["vega"] or None,
            move=settings.move_ppm / PPM or None,
            interval_seconds=settings.interval_seconds or None,
            frozen_seconds=settings.frozen_seconds,
            counted_quantity=view.quantity,
            counted_delta=view.delta / LIMIT_UNITS["delta"],
            counted_vega=view.vega / LIMIT_UNITS["vega"],
            window_ends=time(view.window_ends),
            frozen=view.is_frozen,
            frozen_until=time(view.frozen_until),
        )

    def team_info(self, team: TeamView) -> TeamInfo:
        return TeamInfo(
            team_id=format_team_id(team.team_id),
            team_name=team.team_name,
            role=team.role,
            suspended=team.suspended,
        )

    def trade_info(self, trade: TradeView) -> TradeInfo:
        return TradeInfo(
            trade_id=format_trade_id(trade.trade_id),
            instrument_id=trade.instrument_id,
            price=self._instruments[trade.instrument_id].price_of(trade.price),
            quantity=trade.quantity,
            aggressor_side=None if trade.aggressor_side is None else SIDE_NAMES[trade.aggressor_side],
            timestamp=format_timestamp(trade.time),
        )

    def busted_data(self, event: TradeBusted) -> BustedData:
        return BustedData(
            trade_id=format_trade_id(event.trade_id),
            instrument_id=event.instrument_id,
            price=self._instruments[event.instrument_id].price_of(event.price),
            quantity=event.quantity,
        )

    def order_book(self, depth: DepthView) -> OrderBookData:
        instrument = self._instruments[depth.instrument_id]
        return OrderBookData(
            instrument_id=depth.instrument_id,
            bids=levels_of(instrument, depth.bids),
            asks=levels_of(instrument, depth.asks),
            book_seq=depth.book_seq,
        )

    def instrument_info(
        self,
        instrument: Instrument,
        roles: Mapping[str, RoleRules],
        status: InstrumentStatus = "listed",
        settlement: Settlement | None = None,
    ) -> InstrumentInfo:
        """Reference data, with the limits of every role; `roles` are the same at every call."""
        key = instrument.instrument_id, status
        info = self._instrument_infos.get(key)
        if info is None:
            info = self._instrument_infos[key] = self._new_instrument_info(instrument, roles, status, settlement)
        return info

    def _new_instrument_info(
        self,
        instrument: Instrument,
        roles: Mapping[str, RoleRules],
        status: InstrumentStatus,
        settlement: Settlement | None,
    ) -> InstrumentInfo:
        option = instrument.option
        return InstrumentInfo(
            instrument_id=instrument.instrument_id,
            kind=instrument.kind,
            underlying=instrument.underlying,
            option_type=option.option_type if option else None,
            strike=option.strike / MONEY_UNITS if option else None,
            expiry=option.expiry if option else None,
            tick_size=instrument.tick_size / MONEY_UNITS,
            multiplier=instrument.multiplier,
            halted=status == "halted",
            status=status,
            settlement_price=None if settlement is None else instrument.price_of(settlement.settlement_price),
            position_limits={
                role: rules.option_position_limit if instrument.kind == "option" else rules.spot_position_limit
                for role, rules in roles.items()
            },
            maximum_order_sizes={role: rules.maximum_order_size for role, rules in roles.items()},
        )

    def positions(self, positions: Mapping[InstrumentId, int]) -> dict[str, int]:
        """The net position in every instrument that the team ever traded."""
        return dict(positions.items())

    def holdings(self, holdings: Mapping[InstrumentId, HoldingView]) -> dict[str, HoldingInfo]:
        """What these positions cost, and what they have realized."""
        return {
            instrument_id: HoldingInfo(
                average_price=self.average_price(instrument_id, holding.quantity, holding.cost_basis),
                realized_pnl=holding.realized_pnl / MONEY_UNITS,
            )
            for instrument_id, holding in holdings.items()
        }
