"""What a page of the replay shows: a fold over messages, as the page does it, and the same read from a venue."""

import json

from openoutcry.domain.types import BOOK_DEPTH, MONEY_UNITS
from openoutcry.protocol.translation import Translator


class Screen:
    """Of one team, or of nobody."""

    def __init__(self, lines=()):
        """`lines`: messages with their moments, as a frame has them."""
        self.books, self.orders, self.positions, self.tops, self.prices = {}, {}, {}, {}, {}
        self.expired = set()
        self.cash = None
        self.take(lines)

    def take(self, lines):
        for line in lines:
            _, _, message = json.loads(line)
            take = getattr(self, f"_take_{message['type']}", None)
            if take is not None:
                take(message)

    def shown(self):
        tradable = self.books.keys() - self.expired
        return {
            "books": {
                name: {side: sorted(levels.items()) for side, levels in self.books[name][0].items()}
                for name in tradable
            },
            "tops": {name: self.tops[name] for name in tradable},
            "orders": self.orders,
            "positions": {name: position for name, position in self.positions.items() if position},
            "cash": self.cash,
            "prices": self.prices,
        }

    def _take_book_snapshot(self, message):
        sides = {side: {each["price"]: each["quantity"] for each in message[side]} for side in ("bids", "asks")}
        self.books[message["instrument_id"]] = [sides, message["book_seq"]]

    def _take_book_update(self, message):
        book = self.books[message["instrument_id"]]
        assert message["prev_book_seq"] == book[1], message
        book[1] = message["book_seq"]
        for side, sign in (("bids", -1), ("asks", 1)):
            levels = book[0][side]
            for each in message[side]:
                levels[each["price"]] = each["quantity"]
            kept = sorted((price for price, quantity in levels.items() if quantity), key=lambda price: sign * price)
            book[0][side] = {price: levels[price] for price in kept[:BOOK_DEPTH]}

    def _take_top_of_book(self, message):
        self.tops[message["instrument_id"]] = [
            message[field] for field in ("bid_price", "bid_quantity", "ask_price", "ask_quantity")
        ]

    def _take_underlying_price(self, message):
        self.prices[message["symbol"]] = message["price"]

    def _take_instrument_expired(self, message):
        self.expired.add(message["instrument_id"])

    def _take_welcome(self, message):
        self.orders = {each["order_id"]: _terms(each) for each in message["orders"]}
        self.positions = dict(message["positions"])
        self.cash = message["account"]["cash"]

    def _take_new_order_ack(self, message):
        self.orders[message["order_id"]] = _terms(message)

    def _take_order_amended(self, message):
        self.orders[message["order_id"]] = _terms(message)

    def _take_order_cancelled(self, message):
        del self.orders[message["order_id"]]

    def _take_execution_report(self, message):
        order = self.orders[message["order_id"]]
        order["remaining_quantity"] = message["remaining_quantity"]
        if not message["remaining_quantity"]:
            del self.orders[message["order_id"]]

    def _take_position_update(self, message):
        self.positions[message["instrument_id"]] = message["position"]
        self.cash = message["cash"]


def _terms(order):
    return {name: order[name] for name in ("instrument_id", "side", "price", "quantity", "remaining_quantity")}


def shown_by_venue(queries, team_id):
    """What a `Screen` of this team must show just now."""
    translator = Translator(queries.instrument)
    books = {
        each.instrument_id: translator.order_book(queries.depth(each.instrument_id, BOOK_DEPTH))
        for each in queries.tradable()
    }
    marks = queries.marks()
    return {
        "books": {
            name: {
                side: sorted((each.price, each.quantity) for each in getattr(book, side)) for side in ("bids", "asks")
            }
            for name, book in books.items()
        },
        "tops": {name: [*_best(book.bids), *_best(book.asks)] for name, book in books.items()},
        "orders": {
            order.order_id: {
                name: getattr(order, name)
                for name in ("instrument_id", "side", "price", "quantity", "remaining_quantity")
            }
            for order in map(translator.order_info, queries.open_orders(team_id))
        },
        "positions": {
            name: position for name, position in translator.positions(queries.positions(team_id)).items() if position
        },
        "cash": queries.account(team_id).cash / MONEY_UNITS,
        "prices": {} if marks is None else {mark.symbol: mark.price / MONEY_UNITS for mark in marks.underlyings},
    }


def _best(levels):
    return [levels[0].price, levels[0].quantity] if levels else [None, 0]
