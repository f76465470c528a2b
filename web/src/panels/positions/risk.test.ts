import { expect, test } from "vitest";

import type { Greeks, InstrumentInfo } from "../../protocol/messages";
import { riskOf } from "./risk";

const CALL: InstrumentInfo = {
  instrument_id: "SPX_CALL_4500_20240315",
  kind: "option",
  underlying: "SPX",
  option_type: "call",
  strike: 4500,
  expiry: "2024-03-15",
  tick_size: 0.05,
  multiplier: 100,
  halted: false,
  status: "listed",
  settlement_price: null,
  position_limits: {},
  maximum_order_sizes: {},
};
const GREEKS: Greeks = {
  type: "greeks",
  instrument_id: CALL.instrument_id,
  theoretical: 32,
  implied_volatility: 0.2,
  implied_volatility_reason: null,
  delta: 0.5,
  gamma: 0.01,
  vega: 1.5,
  theta: -3,
  underlying_price: 4500,
  market_time: "2024-03-15T09:30:00-05:00",
  timestamp: "2024-03-15T14:30:00.000000Z",
};

function held(position: number, average_price: number | null) {
  return { instrument_id: CALL.instrument_id, position, average_price, realized_pnl: 0 };
}

test("a short position has the risk of as many units the other way", () => {
  const risk = riskOf(held(-2, 30), CALL, GREEKS, 4500);
  expect(risk).toEqual({ mark: 32, unrealized: -400, delta: -100, gamma: -2, vega: -300, theta: 600 });
});

test("without a value nothing is claimed", () => {
  const risk = riskOf(held(1, 30), CALL, undefined, 4500);
  expect(risk.mark).toBeNull();
  expect(risk.unrealized).toBeNull();
});

test("a spot instrument without Greeks is worth its price, and moves with it", () => {
  const spy: InstrumentInfo = {
    ...CALL,
    instrument_id: "SPY",
    kind: "spot",
    strike: null,
    option_type: null,
    multiplier: 1,
  };
  expect(riskOf(held(10, 449), spy, undefined, 450)).toMatchObject({ mark: 450, unrealized: 10, delta: 10, vega: 0 });
});

test("a position without a known cost has no profit", () => {
  expect(riskOf(held(1, null), CALL, GREEKS, 4500).unrealized).toBeNull();
});
