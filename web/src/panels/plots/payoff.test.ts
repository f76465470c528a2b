import { expect, test } from "vitest";

import type { InstrumentInfo } from "../../protocol/messages";
import { payoffOf, pnlAt, type Held } from "./payoff";

function option(type: "call" | "put", strike: number, position: number, averagePrice: number | null): Held {
  const instrument: InstrumentInfo = {
    instrument_id: `SPX_${type}_${strike}`,
    kind: "option",
    underlying: "SPX",
    option_type: type,
    strike,
    expiry: "2024-03-15",
    tick_size: 0.05,
    multiplier: 100,
    halted: false,
    status: "listed",
    settlement_price: null,
    position_limits: {},
    maximum_order_sizes: {},
  };
  return { instrument, position, averagePrice };
}

function spot(position: number, averagePrice: number): Held {
  const { instrument } = option("call", 0, 0, 0);
  return {
    instrument: { ...instrument, kind: "spot", strike: null, option_type: null, multiplier: 1 },
    position,
    averagePrice,
  };
}

test("nothing held has no payoff", () => {
  expect(payoffOf([], 4500)).toBeNull();
});

test("a call bought at 20 breaks even 20 above its strike", () => {
  const payoff = payoffOf([option("call", 4500, 1, 20)], 4490);
  expect(payoff?.breakEvens).toEqual([4520]);
  expect(pnlAt([option("call", 4500, 1, 20)], 4400)).toBe(-2_000);
  expect(pnlAt([option("call", 4500, 1, 20)], 4550)).toBe(3_000);
});

test("a straddle has two break-evens, of which one may lie beyond what is drawn", () => {
  const straddle = [option("call", 4500, -2, 30), option("put", 4500, -2, 200)];
  const payoff = payoffOf(straddle, 4500);
  expect(payoff?.breakEvens).toEqual([4270, 4730]);
  expect(payoff?.points[0]?.price).toBeGreaterThan(4270);
});

test("every strike is a point, so that no corner is cut", () => {
  const butterfly = [option("call", 4450, 1, 60), option("call", 4500, -2, 30), option("call", 4550, 1, 10)];
  const payoff = payoffOf(butterfly, 4480);
  expect(payoff?.points.map(({ price }) => price)).toEqual([4360.4, 4450, 4480, 4500, 4550, 4639.6]);
  expect(payoff?.breakEvens).toEqual([4460, 4540]);
});

test("a covered call: stock and option add up", () => {
  const payoff = payoffOf([spot(100, 450), option("call", 455, -1, 2)], 450);
  expect(payoff?.breakEvens).toEqual([448]);
  expect(pnlAt([spot(100, 450), option("call", 455, -1, 2)], 470)).toBe(700);
});

test("a position that cannot lose has no break-even", () => {
  expect(payoffOf([option("call", 4500, 1, null)], 4600)?.breakEvens).not.toContain(4600);
  expect(payoffOf([option("put", 4500, 1, -1)], 4600)?.breakEvens).toEqual([]);
});
