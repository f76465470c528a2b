import { expect, test } from "vitest";

import type { UnderlyingPrice } from "../../protocol/messages";
import { POINTS_KEPT, PriceLine } from "./line";

const NINE_THIRTY = Date.UTC(2024, 2, 15, 9, 30) / 1_000;

function heard(second: number, price: number): UnderlyingPrice {
  return {
    type: "underlying_price",
    symbol: "SPX",
    price,
    market_time: `${new Date((NINE_THIRTY + second) * 1_000).toISOString().slice(0, 19)}-05:00`,
    timestamp: new Date(Date.UTC(2024, 2, 15, 14, 30) + second * 1_000).toISOString(),
  };
}

test("one point a market second: a later price of the same second takes its place", () => {
  const line = new PriceLine();
  line.replace([{ price: 4500, market_time: "2024-03-15T09:30:00-05:00" }]);
  expect(line.add(heard(0, 4501))).toEqual({ time: NINE_THIRTY, value: 4501 });
  expect(line.add(heard(1, 4502))).toEqual({ time: NINE_THIRTY + 1, value: 4502 });
  expect(line.points.map(({ value }) => value)).toEqual([4501, 4502]);
});

test("a price from before the last is left out", () => {
  const line = new PriceLine();
  line.add(heard(5, 4500));
  expect(line.add(heard(4, 4400))).toBeNull();
  expect(line.points).toHaveLength(1);
});

test("memory is bounded", () => {
  const line = new PriceLine();
  for (let second = 0; second <= POINTS_KEPT; second += 1) line.add(heard(second, second));
  expect(line.points.length).toBe(POINTS_KEPT / 2);
  expect(line.points.at(-1)?.value).toBe(POINTS_KEPT);
});
