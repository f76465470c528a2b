/** The option chain: which series there are, and the rows of one. */

import type { InstrumentInfo, OrderInfo } from "../../protocol/messages";

/** All options on one underlying that expire on one day. */
export interface Series {
  underlying: string;
  expiry: string;
}

export interface StrikeRow {
  strike: number;
  call: InstrumentInfo | null;
  put: InstrumentInfo | null;
}

export function nameOf(series: Series): string {
  return `${series.underlying} ${series.expiry}`;
}

export function isIn(instrument: InstrumentInfo | null, { underlying, expiry }: Series): boolean {
  return instrument?.underlying === underlying && instrument.expiry === expiry;
}

/** Series with something left to trade: by underlying as they were listed, the nearest expiry first. */
export function seriesOf(instruments: readonly InstrumentInfo[]): Series[] {
  const found = new Map<string, Series>();
  const underlyings: string[] = [];
  for (const { kind, underlying, expiry, status } of instruments) {
    if (kind !== "option" || expiry === null || status === "settled") continue;
    if (!underlyings.includes(underlying)) underlyings.push(underlying);
    const series = { underlying, expiry };
    found.set(nameOf(series), series);
  }
  return [...found.values()].sort(
    (a, b) => underlyings.indexOf(a.underlying) - underlyings.indexOf(b.underlying) || a.expiry.localeCompare(b.expiry),
  );
}

/** The rows of a series, the lowest strike first. */
export function rowsOf(instruments: readonly InstrumentInfo[], series: Series): StrikeRow[] {
  const rows = new Map<number, StrikeRow>();
  for (const instrument of instruments) {
    const { kind, underlying, expiry, strike } = instrument;
    if (kind !== "option" || strike === null || underlying !== series.underlying || expiry !== series.expiry) continue;
    const row = rows.get(strike) ?? { strike, call: null, put: null };
    rows.set(strike, row);
    if (instrument.option_type === "call") row.call = instrument;
    else row.put = instrument;
  }
  return [...rows.values()].sort((a, b) => a.strike - b.strike);
}

/** The strike that is nearest to `price`, the lower of two; null without any. */
export function nearestStrike(rows: readonly StrikeRow[], price: number | undefined): number | null {
  if (price === undefined) return null;
  let nearest: number | null = null;
  for (const { strike } of rows) {
    if (nearest === null || Math.abs(strike - price) < Math.abs(nearest - price)) nearest = strike;
  }
  return nearest;
}

/** A team's open orders in one instrument: what it bids and offers, and at which of its prices first. */
export interface Working {
  bid: number;
  bestBid: number | null;
  ask: number;
  bestAsk: number | null;
}

/** Open orders by instrument. */
export function workingOf(orders: readonly OrderInfo[]): Map<string, Working> {
  const working = new Map<string, Working>();
  for (const { instrument_id, side, price, remaining_quantity } of orders) {
    if (price === null) continue;
    const all = working.get(instrument_id) ?? { bid: 0, bestBid: null, ask: 0, bestAsk: null };
    working.set(instrument_id, all);
    if (side === "buy") {
      all.bid += remaining_quantity;
      all.bestBid = Math.max(all.bestBid ?? price, price);
    } else {
      all.ask += remaining_quantity;
      all.bestAsk = Math.min(all.bestAsk ?? price, price);
    }
  }
  return working;
}
