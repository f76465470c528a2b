"""Buys one contract at the best bid, offers it five ticks higher, and begins again. Ctrl-C ends it."""

import sys

from openoutcry.client import Client

SYMBOL = "SPX_CALL_4500_20240119"
URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"

try:
    with Client.register_or_resume(URL, "first bot", key_file="first_bot.key") as api, api.events() as events:
        api.cancel_on_disconnect()
        api.subscribe(f"top:{SYMBOL}")
        instrument, busy = api.instrument(SYMBOL), False
        for event in events:
            if event.type == "top_of_book" and event.bid_price and not busy:
                response = api.submit_order(instrument_id=SYMBOL, side="buy", quantity=1, price=event.bid_price)
                print("bid", event.bid_price, response.order_id or response.error)
                busy = response.success
            elif event.type == "execution_report":
                print(event.side, event.quantity, "@", event.price, "fees", event.fees)
                busy = event.side == "buy"
                if busy:
                    offer = instrument.round_price(event.price + 5 * instrument.tick_size)
                    api.submit_order(instrument_id=SYMBOL, side="sell", quantity=1, price=offer)
            elif event.type == "order_cancelled":  # for example after a lost connection
                print("cancelled:", event.reason)
                busy = False
except KeyboardInterrupt:
    print("stopped; its orders are cancelled")
