"""Buys a call at the best bid, offers it five ticks higher, and begins again. Ctrl-C ends it."""

import sys
import time
from typing import Literal

from openoutcry.client import Client

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
LASTING = {"POSITION_LIMIT_EXCEEDED", "TOTAL_POSITION_LIMIT_EXCEEDED", "INSUFFICIENT_CASH"}


def order(side: Literal["buy", "sell"], symbol: str, price: float) -> bool:
    response = api.submit_order(instrument_id=symbol, side=side, quantity=1, price=price)
    print(side, symbol, "at", price, response.error.message if response.error else response.order_id)
    if response.error and response.error.code in LASTING:
        sys.exit("it ends here: this refusal would come again")
    return response.success


try:
    with Client.register_or_resume(URL, "first bot", key_file="first_bot.key") as api, api.events() as events:
        api.cancel_on_disconnect()
        api.subscribe("top:*")  # of all instruments, and of those that a session lists later
        print("waiting for a call that is quoted on both sides")
        busy, retry_at = False, 0.0
        for event in events:
            if event.type == "top_of_book" and "_CALL_" in event.instrument_id and event.bid_price and event.ask_price:
                if not busy and time.monotonic() >= retry_at:
                    busy = order("buy", event.instrument_id, event.bid_price)
                    retry_at = 0.0 if busy else time.monotonic() + 1
            elif event.type == "execution_report":
                print(event.side, event.quantity, "@", event.price, "fees", event.fees)
                instrument = api.instrument(event.instrument_id)
                offer = instrument.round_price(event.price + 5 * instrument.tick_size)
                busy = event.side == "buy" and order("sell", event.instrument_id, offer)
            elif event.type == "order_cancelled":  # at the end of a session, or after a lost connection
                print("cancelled:", event.reason)
                busy = False
except KeyboardInterrupt:
    print("stopped; its orders are cancelled")
