import { expect, test } from "vitest";

import type { Trade } from "../../protocol/messages";
import { type TapeTrade, withBusted, withTrades } from "./tape";

function trade(number: number): Trade {
  return {
    type: "trade",
    trade_id: `TRD_${number}`,
    instrument_id: "SPY",
    price: 450,
    quantity: 1,
    aggressor_side: "buy",
    timestamp: "",
    sequence: number,
  };
}

const ids = (tape: readonly TapeTrade[]) => tape.map((each) => each.trade.trade_id);

test("the newest trade is first, and the oldest leave", () => {
  let tape = withTrades([], [trade(1), trade(2)]);
  tape = withTrades(tape, [trade(3)]);
  expect(ids(tape)).toEqual(["TRD_3", "TRD_2", "TRD_1"]);
  const many = Array.from({ length: 500 }, (_, number) => trade(number));
  expect(withTrades(tape, many)).toHaveLength(200);
});

test("a trade that was busted stays, and is marked", () => {
  const tape = withBusted(withTrades([], [trade(1), trade(2)]), new Set(["TRD_1"]));
  expect(tape.map(({ busted }) => busted)).toEqual([false, true]);
});
