import { expect, test } from "vitest";

import type { InstrumentInfo, OrderInfo } from "../../protocol/messages";
import { nearestStrike, rowsOf, seriesOf, workingOf } from "./chain";

function option(underlying: string, expiry: string, strike: number, type: "call" | "put"): InstrumentInfo {
  return {
    instrument_id: `${underlying}_${type.toUpperCase()}_${strike}_${expiry.replaceAll("-", "")}`,
    kind: "option",
    underlying,
    option_type: type,
    strike,
    expiry,
    tick_size: 0.05,
    multiplier: 100,
    halted: false,
    status: "listed",
    settlement_price: null,
    position_limits: {},
    maximum_order_sizes: {},
  };
}

function order(instrument_id: string, side: "buy" | "sell", price: number | null, remaining: number): OrderInfo {
  return {
    order_id: `ORD_${side}_${price}`,
    client_order_id: null,
    instrument_id,
    side,
    price,
    quantity: 10,
    remaining_quantity: remaining,
    status: "open",
    time_in_force: "day",
    post_only: false,
    submitted_at: "2024-03-15T14:30:00.000000Z",
  };
}

const LISTED = [
  option("SPX", "2024-03-22", 4500, "call"),
  option("SPX", "2024-03-15", 4510, "put"),
  option("SPX", "2024-03-15", 4500, "call"),
  option("SPX", "2024-03-15", 4500, "put"),
  option("SPY", "2024-03-15", 450, "call"),
];

test("series come by underlying as listed, then by expiry; settled ones are gone", () => {
  const settled = { ...option("SPX", "2024-03-08", 4500, "call"), status: "settled" as const };
  expect(seriesOf([settled, ...LISTED])).toEqual([
    { underlying: "SPX", expiry: "2024-03-15" },
    { underlying: "SPX", expiry: "2024-03-22" },
    { underlying: "SPY", expiry: "2024-03-15" },
  ]);
});

test("a row has the call and the put of its strike, or null where one is not listed", () => {
  const rows = rowsOf(LISTED, { underlying: "SPX", expiry: "2024-03-15" });
  expect(
    rows.map(({ strike, call, put }) => [strike, call?.instrument_id ?? null, put?.instrument_id ?? null]),
  ).toEqual([
    [4500, "SPX_CALL_4500_20240315", "SPX_PUT_4500_20240315"],
    [4510, null, "SPX_PUT_4510_20240315"],
  ]);
});

test("the strike at the money is the nearest, the lower of two", () => {
  const rows = rowsOf(LISTED, { underlying: "SPX", expiry: "2024-03-15" });
  expect(nearestStrike(rows, 4505)).toBe(4500);
  expect(nearestStrike(rows, 4505.01)).toBe(4510);
  expect(nearestStrike(rows, undefined)).toBeNull();
  expect(nearestStrike([], 4505)).toBeNull();
});

test("open orders add up by side, with the best price of each; market orders rest nowhere", () => {
  const working = workingOf([
    order("A", "buy", 4.1, 3),
    order("A", "buy", 4.2, 2),
    order("A", "sell", 4.6, 7),
    order("A", "sell", 4.5, 1),
    order("B", "sell", null, 5),
  ]);
  expect(working.get("A")).toEqual({ bid: 5, bestBid: 4.2, ask: 8, bestAsk: 4.5 });
  expect(working.has("B")).toBe(false);
});
