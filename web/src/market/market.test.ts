import { expect, test } from "vitest";

import { Frames } from "../frames/frames";
import type { InstrumentInfo, ServerMessage } from "../protocol/messages";
import { canTrade, Market } from "./market";

const CALL: InstrumentInfo = {
  instrument_id: "SPX_CALL",
  kind: "option",
  underlying: "SPX",
  option_type: "call",
  strike: 4_500,
  expiry: "20240315",
  tick_size: 0.05,
  multiplier: 100,
  halted: false,
  status: "listed",
  settlement_price: null,
  position_limits: {},
  maximum_order_sizes: {},
};

function told(...messages: ServerMessage[]): Market {
  const market = new Market(new Frames(() => {}));
  market.takeInstruments([CALL]);
  for (const message of messages) market.take(message);
  return market;
}

const TOP: ServerMessage = {
  type: "top_of_book",
  instrument_id: "SPX_CALL",
  bid_price: 1,
  bid_quantity: 2,
  ask_price: 3,
  ask_quantity: 4,
  timestamp: "",
};

test("of an instrument that is settled nothing is kept but that it is", () => {
  const market = told(TOP);
  expect(market.tops.now("SPX_CALL")).toBeDefined();
  market.take({
    type: "settlement",
    instrument_id: "SPX_CALL",
    settlement_price: 12,
    underlying_price: 4_512,
    market_time: "2024-03-15T16:00:00-05:00",
    timestamp: "",
    sequence: 1,
  });
  expect(market.tops.now("SPX_CALL")).toBeUndefined();
  const settled = market.instruments.now("SPX_CALL");
  expect(settled).toMatchObject({ status: "settled", settlement_price: 12 });
  expect(canTrade(settled ?? CALL)).toBe(false);
  expect(canTrade(CALL)).toBe(true);
});
