import { expect, test } from "vitest";

import { decimalsOf, duration, money, percent, price, quantity } from "./format";

test("a price has the decimals of its grid, two at least", () => {
  expect(price(1234.5, 0.05)).toBe("1,234.50");
  expect(price(0.1235, 0.0005)).toBe("0.1235");
  expect(price(100, 5)).toBe("100.00");
  expect(price(null, 0.05)).toBe("–");
  expect(decimalsOf(1e-7)).toBe(7);
});

test("gains and losses have a sign, and the minus is as wide as a digit", () => {
  expect(money(1234.5, true)).toBe("+1,234.50");
  expect(money(-1, true)).toBe("−1.00");
  expect(money(0, true)).toBe("0.00");
  expect([money(-0.001, true), money(0.001, true)]).toEqual(["0.00", "0.00"]);
});

test("quantities, shares and durations read as people write them", () => {
  expect(quantity(12_000)).toBe("12,000");
  expect(quantity(0, "")).toBe("");
  expect(percent(0.2)).toBe("20.0 %");
  expect(duration(62)).toBe("1:02");
  expect(duration(3_723)).toBe("1:02:03");
  expect(duration(-5)).toBe("0:00");
});
