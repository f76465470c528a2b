/** The prices of an underlying as a chart needs them: one point a market second, never before its last. */

import { marketSecond } from "../../market/seconds";
import type { UnderlyingPrice, UnderlyingPriceInfo } from "../../protocol/messages";

export interface Point {
  /** Seconds since 1970 on the session's own wall clock: a chart writes them as they are. */
  time: number;
  value: number;
}

/** Points kept: a day of the default game has 21,600 market seconds. */
export const POINTS_KEPT = 30_000;

export class PriceLine {
  points: Point[] = [];
  /** Begin with the prices that there were, oldest first. */
  replace(prices: readonly UnderlyingPriceInfo[]): void {
    this.points = [];
    for (const { price, market_time } of prices) this.#put(marketSecond(market_time), price);
  }

  /** Add a price. What it did to the line: a new point, another value of the last one, or nothing, if it came late. */
  add(price: UnderlyingPrice): Point | null {
    return this.#put(marketSecond(price.market_time), price.price);
  }

  #put(time: number, value: number): Point | null {
    const last = this.points.at(-1);
    if (Number.isNaN(time) || (last !== undefined && time < last.time)) return null;
    const point = { time, value };
    if (last?.time === time) this.points[this.points.length - 1] = point;
    else this.points.push(point);
    if (this.points.length > POINTS_KEPT) this.points = this.points.slice(-POINTS_KEPT / 2);
    return point;
  }
}
