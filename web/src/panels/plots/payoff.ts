/** What a team's positions on one underlying are worth when they expire, by its price then. */

import type { InstrumentInfo } from "../../protocol/messages";

export interface Held {
  instrument: InstrumentInfo;
  position: number;
  /** What it cost, a unit; null if it is not known, and then counts as 0. */
  averagePrice: number | null;
}

export interface Payoff {
  /** By price, ascending: both ends, and every strike between. The payoff is straight in between. */
  points: { price: number; pnl: number }[];
  /** Prices at which nothing is won or lost, ascending. */
  breakEvens: number[];
}

/** Beyond the outermost strikes and the price now, as a share of the price. */
const MARGIN = 0.02;

/** The profit at expiry at one price of the underlying, in currency, against what positions cost. */
export function pnlAt(held: readonly Held[], price: number): number {
  let pnl = 0;
  for (const { instrument, position, averagePrice } of held) {
    pnl += position * instrument.multiplier * (valueAt(instrument, price) - (averagePrice ?? 0));
  }
  return pnl;
}

/** The payoff over all strikes held and `now`; null if nothing is held. Options of all expiries count as held to theirs. */
export function payoffOf(held: readonly Held[], now: number): Payoff | null {
  if (held.length === 0) return null;
  const strikes = held.flatMap(({ instrument }) => (instrument.strike === null ? [] : [instrument.strike]));
  const low = Math.max(0, Math.min(now, ...strikes) - now * MARGIN);
  const high = Math.max(now, ...strikes) + now * MARGIN;
  const prices = [...new Set([low, ...strikes, now, high])].sort((a, b) => a - b);
  const points = prices.map((price) => ({ price, pnl: pnlAt(held, price) }));
  return { points, breakEvens: breakEvensOf(held, points) };
}

/** Where the payoff crosses 0: within a piece, or beyond an end if the outermost piece leads there. */
function breakEvensOf(held: readonly Held[], points: Payoff["points"]): number[] {
  const found = new Set<number>();
  for (let place = 0; place + 1 < points.length; place += 1) {
    const [a, b] = [points[place], points[place + 1]] as [Payoff["points"][0], Payoff["points"][0]];
    if (a.pnl === 0) found.add(a.price);
    if (b.pnl === 0) found.add(b.price);
    if (a.pnl < 0 !== b.pnl < 0 && a.pnl !== 0 && b.pnl !== 0) found.add(crossing(a.price, a.pnl, b.price, b.pnl));
  }
  for (const [end, out] of [
    [points[0], -1],
    [points.at(-1), 1],
  ] as const) {
    if (end === undefined || end.pnl === 0) continue;
    const slope = pnlAt(held, end.price + out) - end.pnl;
    const beyond = end.price + (out * -end.pnl) / slope;
    if (slope !== 0 && -end.pnl / slope > 0 && beyond > 0) found.add(beyond);
  }
  return [...found].sort((a, b) => a - b);
}

function crossing(x1: number, y1: number, x2: number, y2: number): number {
  return x1 - (y1 * (x2 - x1)) / (y2 - y1);
}

function valueAt({ kind, option_type, strike }: InstrumentInfo, price: number): number {
  if (kind === "spot" || strike === null) return price;
  return Math.max(0, option_type === "call" ? price - strike : strike - price);
}
