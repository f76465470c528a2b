/** The figures now, and those of about a minute ago to compare them with. */

import type { Metrics } from "./metrics";

const WINDOW_MS = 60_000;

export interface Compared {
  now: Metrics;
  /** The oldest look of the last minute; null at the first. */
  before: Metrics | null;
  /** Milliseconds between the two. */
  between: number;
}

export class MetricsWindow {
  #looks: { at: number; metrics: Metrics }[] = [];

  /** Take the figures of `at`, in milliseconds. */
  take(metrics: Metrics, at: number): Compared {
    // An exchange that was started again counts from 0.
    const [started, startedBefore] = [metrics, this.#looks.at(-1)?.metrics].map((each) =>
      each?.values.get("process_start_time_seconds"),
    );
    if (startedBefore !== undefined && started !== startedBefore) this.#looks = [];
    this.#looks.push({ at, metrics });
    while (this.#looks[1] !== undefined && this.#looks[1].at <= at - WINDOW_MS) this.#looks.shift();
    const first = this.#looks[0];
    if (first === undefined || first.metrics === metrics) return { now: metrics, before: null, between: 0 };
    return { now: metrics, before: first.metrics, between: at - first.at };
  }
}

/** By how much the sum of `names` grew in a minute; null if it cannot be told yet. */
export function growthAMinute({ now, before, between }: Compared, names: readonly string[]): number | null {
  if (before === null || between === 0) return null;
  const sum = (metrics: Metrics): number => names.reduce((all, name) => all + (metrics.values.get(name) ?? 0), 0);
  return ((sum(now) - sum(before)) * 60_000) / between;
}
