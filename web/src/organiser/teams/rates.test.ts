import { expect, test } from "vitest";

import { OrderRates } from "./rates";

test("a rate takes two looks", () => {
  const rates = new OrderRates();
  expect(rates.take("TEAM_1", 100, 0)).toBeNull();
  expect(rates.take("TEAM_1", 110, 2_000)).toBe(5);
});

test("a rate is over the last ten seconds", () => {
  const rates = new OrderRates();
  rates.take("TEAM_1", 0, 0);
  for (let second = 1; second <= 20; second += 1) rates.take("TEAM_1", 1_000, second * 1_000);
  expect(rates.take("TEAM_1", 1_020, 21_000)).toBe(2);
});

test("teams are counted apart, and an exchange that begins anew is no fall", () => {
  const rates = new OrderRates();
  rates.take("TEAM_1", 100, 0);
  rates.take("TEAM_2", 0, 0);
  expect(rates.take("TEAM_2", 4, 1_000)).toBe(4);
  expect(rates.take("TEAM_1", 7, 1_000)).toBeNull();
});
