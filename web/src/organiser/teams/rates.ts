/** Orders a second of each team, from how many there were at successive looks. */

const WINDOW_MS = 10_000;

interface Count {
  at: number;
  orders: number;
}

export class OrderRates {
  readonly #counts = new Map<string, Count[]>();

  /** Take how many orders a team had entered at `at`, in milliseconds; its rate over the last ten seconds, or null at the
   * first look. */
  take(team: string, orders: number, at: number): number | null {
    const counts = this.#counts.get(team) ?? [];
    this.#counts.set(team, counts);
    // A count that falls is of an exchange that began anew.
    if ((counts.at(-1)?.orders ?? 0) > orders) counts.length = 0;
    counts.push({ at, orders });
    // One count from before the window stays: the rate is over the whole of it.
    while (counts[1] !== undefined && counts[1].at <= at - WINDOW_MS) counts.shift();
    const first = counts[0];
    if (first === undefined || first.at >= at) return null;
    return ((orders - first.orders) * 1_000) / (at - first.at);
  }
}
