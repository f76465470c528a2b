/** Which market second it was when something happened, as prices that were heard tell. */

import type { UnderlyingPrice } from "../protocol/messages";

/** Seconds kept: a day of the default game has 21,600. */
export const SECONDS_KEPT = 30_000;

interface Heard {
  /** In wall time, as milliseconds since 1970. */
  at: number;
  /** Its market second, as `marketSecond` gives it. */
  second: number;
}

/**
 * Market time as seconds since 1970 on the session's own wall clock: `2024-03-15T09:30:00-05:00` is half past nine.
 * NaN for what is no time.
 */
export function marketSecond(marketTime: string): number {
  return Date.parse(`${marketTime.slice(0, 19)}Z`) / 1_000;
}

export class MarketSeconds {
  /** Both rise. */
  #heard: Heard[] = [];

  /** Learn from a price of any underlying; prices may come in any order. */
  hear(price: UnderlyingPrice): void {
    this.note(price.timestamp, marketSecond(price.market_time));
  }

  /** Learn that it was this market second at `timestamp` (wall time). */
  note(timestamp: string, second: number): void {
    const heard = { at: Date.parse(timestamp), second };
    if (Number.isNaN(heard.at) || Number.isNaN(heard.second)) return;
    const place = this.#after(heard.at);
    const [before, next] = [this.#heard[place - 1], this.#heard[place]];
    if (before !== undefined && before.second >= heard.second) return;
    if (next?.second === heard.second) next.at = heard.at;
    if (next !== undefined && next.second <= heard.second) return;
    if (next === undefined) this.#heard.push(heard);
    else this.#heard.splice(place, 0, heard);
    if (this.#heard.length > SECONDS_KEPT) this.#heard = this.#heard.slice(-SECONDS_KEPT / 2);
  }

  /** The market second of `timestamp` (wall time); null if no price was heard before it. */
  of(timestamp: string): number | null {
    return this.#heard[this.#after(Date.parse(timestamp)) - 1]?.second ?? null;
  }

  /** The same as a time of day, such as `09:30:15`. */
  text(timestamp: string): string | null {
    const second = this.of(timestamp);
    return second === null ? null : new Date(second * 1_000).toISOString().slice(11, 19);
  }

  /** How many were heard at `at` or before. */
  #after(at: number): number {
    let low = 0;
    let high = this.#heard.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#heard[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
