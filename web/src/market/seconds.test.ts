import { expect, test } from "vitest";

import type { UnderlyingPrice } from "../protocol/messages";
import { marketSecond, MarketSeconds, SECONDS_KEPT } from "./seconds";

const NINE_THIRTY = Date.UTC(2024, 2, 15, 9, 30) / 1_000;
const wall = (seconds: number): string => new Date(Date.UTC(2026, 0, 5, 12) + seconds * 1_000).toISOString();

function heard(second: number, at: number, symbol = "SPX"): UnderlyingPrice {
  const market_time = `${new Date((NINE_THIRTY + second) * 1_000).toISOString().slice(0, 19)}-05:00`;
  return { type: "underlying_price", symbol, price: 4_500, market_time, timestamp: wall(at) };
}

test("what happened belongs to the second whose price was heard before it", () => {
  const seconds = new MarketSeconds();
  seconds.hear(heard(30, 1));
  seconds.hear(heard(60, 2));
  expect(seconds.of(wall(0.5))).toBeNull();
  expect(seconds.of(wall(1))).toBe(NINE_THIRTY + 30);
  expect(seconds.of(wall(1.9))).toBe(NINE_THIRTY + 30);
  expect(seconds.of(wall(9))).toBe(NINE_THIRTY + 60);
});

test("market time is the session's own clock", () => {
  expect(marketSecond("2024-03-15T09:30:00-05:00")).toBe(NINE_THIRTY);
  expect(marketSecond("2024-03-15T09:30:00.500000Z")).toBe(NINE_THIRTY);
  const seconds = new MarketSeconds();
  seconds.hear(heard(30, 1));
  expect(seconds.text(wall(1.5))).toBe("09:30:30");
  expect(seconds.text(wall(0))).toBeNull();
});

test("prices from between those that were heard are taken too, and none that contradicts them", () => {
  const seconds = new MarketSeconds();
  seconds.hear(heard(30, 1));
  seconds.hear(heard(90, 3));
  seconds.hear(heard(60, 2));
  seconds.hear(heard(99, 2.5));
  expect(seconds.of(wall(2.7))).toBe(NINE_THIRTY + 60);
});

test("the prices of several underlyings in one second, and one told again, change nothing", () => {
  const seconds = new MarketSeconds();
  seconds.hear(heard(30, 1));
  seconds.hear(heard(60, 2));
  seconds.hear(heard(60, 2.5, "SPY"));
  seconds.hear(heard(30, 1));
  expect(seconds.of(wall(1.9))).toBe(NINE_THIRTY + 30);
  expect(seconds.of(wall(2.2))).toBe(NINE_THIRTY + 60);
});

test("a second begins with the first that is known to be in it, whatever came first", () => {
  const seconds = new MarketSeconds();
  seconds.hear(heard(30, 1));
  seconds.note(wall(2.9), NINE_THIRTY + 60);
  seconds.note(wall(2.5), NINE_THIRTY + 60);
  expect(seconds.of(wall(2.4))).toBe(NINE_THIRTY + 30);
  expect(seconds.of(wall(2.5))).toBe(NINE_THIRTY + 60);
});

test("memory is bounded", () => {
  const seconds = new MarketSeconds();
  for (let second = 0; second <= SECONDS_KEPT; second += 1) seconds.hear(heard(second, second));
  expect(seconds.of(wall(SECONDS_KEPT / 2))).toBeNull();
  expect(seconds.of(wall(SECONDS_KEPT))).toBe(NINE_THIRTY + SECONDS_KEPT);
});
