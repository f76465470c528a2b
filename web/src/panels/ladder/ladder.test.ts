import { expect, test } from "vitest";

import type { BookView } from "../../market/book";
import type { OrderInfo } from "../../protocol/messages";
import { isOffCentre, ladderRows, middleOf, priceOf, stepOf } from "./ladder";

function level(price: number, quantity: number) {
  return { price, quantity };
}

function book(bids: [number, number][], asks: [number, number][]): BookView {
  return {
    instrument_id: "SPY",
    bids: bids.map(([price, quantity]) => level(price, quantity)),
    asks: asks.map(([price, quantity]) => level(price, quantity)),
    timestamp: "2024-03-15T14:30:00.000000Z",
  };
}

function order(order_id: string, side: "buy" | "sell", price: number): OrderInfo {
  return {
    order_id,
    client_order_id: null,
    instrument_id: "SPY",
    side,
    price,
    quantity: 5,
    remaining_quantity: 5,
    status: "open",
    time_in_force: "day",
    post_only: false,
    submitted_at: "2024-03-15T14:30:00.000000Z",
  };
}

test("every price of the book has its row, the highest first", () => {
  const rows = ladderRows(
    book(
      [[1.02, 7]],
      [
        [1.04, 3],
        [1.05, 2],
      ],
    ),
    [],
    0.01,
    1,
    103,
    5,
  );
  expect(rows.map(({ price, bid, ask }) => [price, bid, ask])).toEqual([
    [1.05, 0, 2],
    [1.04, 0, 3],
    [1.03, 0, 0],
    [1.02, 7, 0],
    [1.01, 0, 0],
  ]);
});

test("in wider steps bids fall to the row below and asks rise to the row above", () => {
  const rows = ladderRows(
    book(
      [
        [1.04, 1],
        [1.01, 2],
        [0.99, 4],
      ],
      [
        [1.06, 8],
        [1.1, 16],
      ],
    ),
    [],
    0.01,
    5,
    105,
    5,
  );
  expect(rows.map(({ price, bid, ask }) => [price, bid, ask])).toEqual([
    [1.15, 0, 0],
    [1.1, 0, 24],
    [1.05, 0, 0],
    [1, 3, 0],
    [0.95, 4, 0],
  ]);
});

test("own orders stand in the rows of their side", () => {
  const own = [order("ORD_1", "buy", 1.02), order("ORD_2", "sell", 1.02), order("ORD_3", "buy", 1.02)];
  const rows = ladderRows(book([[1.02, 10]], []), own, 0.01, 1, 102, 1);
  expect(rows[0]?.ownBids.map((each) => each.order_id)).toEqual(["ORD_1", "ORD_3"]);
  expect(rows[0]?.ownAsks.map((each) => each.order_id)).toEqual(["ORD_2"]);
});

test("no price is below one tick", () => {
  const rows = ladderRows(book([[0.02, 1]], []), [], 0.01, 1, 2, 9);
  expect(rows.map(({ ticks }) => ticks)).toEqual([6, 5, 4, 3, 2, 1]);
});

test("the step grows with the spread, so that both sides are seen", () => {
  expect(stepOf(book([[1, 1]], [[1.06, 1]]), 0.01)).toBe(1);
  expect(stepOf(book([[1, 1]], [[1.07, 1]]), 0.01)).toBe(2);
  expect(stepOf(book([[36.39, 1]], [[37.03, 1]]), 0.01)).toBe(20);
  expect(stepOf(book([[1, 1]], []), 0.01)).toBe(1);
});

test("the middle is that of the sides that are there", () => {
  expect(middleOf(book([[1, 1]], [[1.06, 1]]), 0.01)).toBe(103);
  expect(middleOf(book([], [[1.06, 1]]), 0.01)).toBe(106);
  expect(middleOf(book([], []), 0.01)).toBeNull();
});

test("the ladder stays where it is until the market comes near its edge", () => {
  expect(isOffCentre(108, 100, 1, 31)).toBe(false);
  expect(isOffCentre(110, 100, 1, 31)).toBe(true);
});

test("prices come without the dust of fractions", () => {
  expect(priceOf(3, 0.1)).toBe(0.3);
  expect(priceOf(90_003, 0.05)).toBe(4500.15);
});
