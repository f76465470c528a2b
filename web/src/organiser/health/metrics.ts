/** The figures of `GET /metrics`, which speaks the text format of Prometheus. */

import type { Refused } from "../../exchange/rest";

/** Buckets of a histogram: how many values were at most so many seconds. */
export type Buckets = ReadonlyMap<number, number>;

export interface Metrics {
  /** Plain figures by name, without the prefix `openoutcry_`. */
  values: ReadonlyMap<string, number>;
  histograms: ReadonlyMap<string, Buckets>;
}

const TIMEOUT_MS = 15_000;
const PREFIX = /^openoutcry_/;
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const BUCKET = /^le="([^"]+)"$/;

export function parseMetrics(text: string): Metrics {
  const values = new Map<string, number>();
  const histograms = new Map<string, Map<number, number>>();
  for (const line of text.split("\n")) {
    const [, name, labels, written] = LINE.exec(line) ?? [];
    if (name === undefined || written === undefined) continue;
    const short = name.replace(PREFIX, "");
    if (labels === undefined) {
      values.set(short, Number(written));
      continue;
    }
    const bound = BUCKET.exec(labels)?.[1];
    if (bound === undefined) continue;
    const histogram = short.replace(/_bucket$/, "");
    const buckets = histograms.get(histogram) ?? new Map<number, number>();
    histograms.set(histogram, buckets);
    buckets.set(bound === "+Inf" ? Infinity : Number(bound), Number(written));
  }
  return { values, histograms };
}

/** Ask the exchange for them. Never throws. */
export async function readMetrics(fetcher: typeof fetch = fetch): Promise<{ ok: true; data: Metrics } | Refused> {
  try {
    const response = await fetcher("/metrics", { signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" });
    if (response.ok) return { ok: true, data: parseMetrics(await response.text()) };
    const message = `The exchange answered with status ${response.status}`;
    return { ok: false, status: response.status, error: { code: "INTERNAL_ERROR", message, details: null } };
  } catch {
    const message = "The exchange cannot be reached";
    return { ok: false, status: 0, error: { code: "SERVICE_UNAVAILABLE", message, details: null } };
  }
}

/** The last bound of a histogram that is a number: what was above it was not measured. */
export function lastBound(buckets: Buckets | undefined): number {
  return Math.max(0, ...[...(buckets?.keys() ?? [])].filter(Number.isFinite));
}

/** The least bound, in seconds, that no value between two looks was above; Infinity if one was above the last of them,
 * null if there was no value. */
export function highestBetween(before: Buckets | undefined, now: Buckets | undefined): number | null {
  if (now === undefined) return null;
  const bounds = [...now.keys()].sort((one, other) => one - other);
  const came = (bound: number): number => (now.get(bound) ?? 0) - (before?.get(bound) ?? 0);
  const all = came(Infinity);
  if (all <= 0) return null;
  return bounds.find((bound) => came(bound) === all) ?? Infinity;
}
