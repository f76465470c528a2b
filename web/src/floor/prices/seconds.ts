/** Which market second it was when something happened, as prices that were heard tell. */

import type { UnderlyingPrice } from "../../protocol/messages";
import { chartTime } from "./line";

/** Seconds kept: a day of the default game has 21,600. */
export const SECONDS_KEPT = 30_000;

export class MarketSeconds {
  /** When prices came, in wall time, and the market second of each, both rising. */
  #heard: { at: number; time: number }[] = [];

  /** Learn from a price of any underlying. */
  hear(price: UnderlyingPrice): void {
    const [at, time] = [Date.parse(price.timestamp), chartTime(price.market_time)];
    const last = this.#heard.at(-1);
    if (Number.isNaN(at) || Number.isNaN(time) || (last !== undefined && (at <= last.at || time <= last.time))) return;
    this.#heard.push({ at, time });
    if (this.#heard.length > SECONDS_KEPT) this.#heard = this.#heard.slice(-SECONDS_KEPT / 2);
  }

  /** The market second of `timestamp` (wall time), as a chart's time; null if no price was heard before it. */
  of(timestamp: string): number | null {
    const at = Date.parse(timestamp);
    let low = 0;
    let high = this.#heard.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#heard[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return this.#heard[low - 1]?.time ?? null;
  }
}
