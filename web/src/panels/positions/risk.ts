/** What a position is worth now, and what it risks. */

import type { Position } from "../../market/own";
import type { Greeks, InstrumentInfo } from "../../protocol/messages";

export interface Risk {
  /** The theoretical value of one unit, or the price of a spot instrument; null before there is one. */
  mark: number | null;
  /** In currency, at the mark; null without mark or cost. */
  unrealized: number | null;
  /** In units of the underlying. */
  delta: number;
  /** Change of `delta` for one unit of the underlying's price. */
  gamma: number;
  /** In currency, for a volatility point. */
  vega: number;
  /** In currency, for a session. */
  theta: number;
}

export function riskOf(
  { position, average_price }: Position,
  instrument: InstrumentInfo,
  greeks: Greeks | undefined,
  spot: number | undefined,
): Risk {
  const units = position * instrument.multiplier;
  const mark = greeks?.theoretical ?? (instrument.kind === "spot" ? (spot ?? null) : null);
  const ofSpot = instrument.kind === "spot" ? 1 : 0;
  return {
    mark,
    unrealized: mark === null || average_price === null ? null : units * (mark - average_price),
    delta: units * (greeks?.delta ?? ofSpot),
    gamma: units * (greeks?.gamma ?? 0),
    vega: units * (greeks?.vega ?? 0),
    theta: units * (greeks?.theta ?? 0),
  };
}
