/** The rows of a price ladder: prices in equal steps, with what is bid, offered, and one's own at each. */

import type { BookView, Level } from "../../market/book";
import type { OrderInfo } from "../../protocol/messages";

export interface LadderRow {
  /** In ticks; a multiple of the step. */
  ticks: number;
  price: number;
  bid: number;
  ask: number;
  /** Own open orders in the row, oldest first. */
  ownBids: readonly OrderInfo[];
  ownAsks: readonly OrderInfo[];
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
/** Rows that the spread may take before steps get wider. */
const ROWS_OF_SPREAD = 6;

export function ticksOf(price: number, tickSize: number): number {
  return Math.round(price / tickSize);
}

/** The price of so many ticks, without the dust of binary fractions. */
export function priceOf(ticks: number, tickSize: number): number {
  return Number((ticks * tickSize).toFixed(8));
}

/** The narrowest step at which the spread takes few rows; 1 where a side is empty. */
export function stepOf(book: BookView, tickSize: number): number {
  const [bid] = book.bids;
  const [ask] = book.asks;
  if (bid === undefined || ask === undefined) return 1;
  const spread = ticksOf(ask.price, tickSize) - ticksOf(bid.price, tickSize);
  return STEPS.find((step) => spread <= step * ROWS_OF_SPREAD) ?? (STEPS.at(-1) as number);
}

/** The price in ticks in the middle of the book, or of the side that there is; null for an empty book. */
export function middleOf(book: BookView, tickSize: number): number | null {
  const bid = book.bids[0]?.price;
  const ask = book.asks[0]?.price;
  if (bid === undefined && ask === undefined) return null;
  return ticksOf(((bid ?? (ask as number)) + (ask ?? (bid as number))) / 2, tickSize);
}

/** The row of a bid: of several prices in a row it has the lowest, so that a bid there is never dearer. */
export function rowOfBid(ticks: number, step: number): number {
  return Math.floor(ticks / step) * step;
}

/** The row of an ask: the highest price of the row. */
export function rowOfAsk(ticks: number, step: number): number {
  return Math.ceil(ticks / step) * step;
}

/**
 * `count` rows around `centre` (in ticks), the highest price first.
 *
 * Volume at several prices of a row adds up. No row is below one tick.
 */
export function ladderRows(
  book: BookView,
  orders: readonly OrderInfo[],
  tickSize: number,
  step: number,
  centre: number,
  count: number,
): LadderRow[] {
  const bids = volumes(book.bids, (ticks) => rowOfBid(ticks, step), tickSize);
  const asks = volumes(book.asks, (ticks) => rowOfAsk(ticks, step), tickSize);
  const own = { buy: new Map<number, OrderInfo[]>(), sell: new Map<number, OrderInfo[]>() };
  for (const order of orders) {
    if (order.price === null) continue;
    const ticks = ticksOf(order.price, tickSize);
    const row = order.side === "buy" ? rowOfBid(ticks, step) : rowOfAsk(ticks, step);
    const there = own[order.side].get(row);
    if (there === undefined) own[order.side].set(row, [order]);
    else there.push(order);
  }
  const top = Math.round(centre / step) * step + Math.floor(count / 2) * step;
  const rows: LadderRow[] = [];
  for (let place = 0; place < count; place += 1) {
    const ticks = top - place * step;
    if (ticks <= 0) break;
    rows.push({
      ticks,
      price: priceOf(ticks, tickSize),
      bid: bids.get(ticks) ?? 0,
      ask: asks.get(ticks) ?? 0,
      ownBids: own.buy.get(ticks) ?? [],
      ownAsks: own.sell.get(ticks) ?? [],
    });
  }
  return rows;
}

/** Whether the middle is so far from the centre that the ladder should move. */
export function isOffCentre(middle: number, centre: number, step: number, count: number): boolean {
  return Math.abs(middle - centre) > (count / 2 - ROWS_OF_SPREAD) * step;
}

function volumes(levels: readonly Level[], row: (ticks: number) => number, tickSize: number): Map<number, number> {
  const found = new Map<number, number>();
  for (const { price, quantity } of levels) {
    const ticks = row(ticksOf(price, tickSize));
    found.set(ticks, (found.get(ticks) ?? 0) + quantity);
  }
  return found;
}
