import { expect, test } from "vitest";

import { EMPTY, requestOf, wrongOdds } from "./headline";

test("what was left empty is not sent", () => {
  expect(requestOf({ ...EMPTY, headline: " Rates unchanged " })).toEqual({ headline: "Rates unchanged" });
});

test("odds, regime and jump are sent as they were typed", () => {
  const odds = { regime_shift: 40, price_jump: 0, no_effect: 60 };
  const typed = { headline: "Banks in trouble", category: "banks", odds, regime: "high" as const, jump: -0.8 };
  expect(wrongOdds(typed)).toBeNull();
  expect(requestOf(typed)).toEqual({
    headline: "Banks in trouble",
    category: "banks",
    odds,
    regime: "high",
    jump_percent: -0.8,
  });
});

test("odds are all given and together 100, or none is", () => {
  expect(wrongOdds(EMPTY)).toBeNull();
  expect(wrongOdds({ ...EMPTY, odds: { regime_shift: 40, price_jump: null, no_effect: 60 } })).toMatch(/three numbers/);
  expect(wrongOdds({ ...EMPTY, odds: { regime_shift: 40, price_jump: 30, no_effect: 20 } })).toMatch(/100/);
});
