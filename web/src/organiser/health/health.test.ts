import { expect, test } from "vitest";

import { highestBetween, lastBound, parseMetrics, readMetrics } from "./metrics";
import { bounded, bytes, lasts, time } from "./sizes";
import { growthAMinute, MetricsWindow } from "./window";

function text(low: number, all: number, journal = 0, started = 1): string {
  return `# HELP openoutcry_loop_lag_seconds How late.
# TYPE openoutcry_loop_lag_seconds histogram
openoutcry_loop_lag_seconds_bucket{le="0.001"} ${low}
openoutcry_loop_lag_seconds_bucket{le="0.005"} ${all}
openoutcry_loop_lag_seconds_bucket{le="+Inf"} ${all}
openoutcry_build_info{core="interpreted",version="0.1.0"} 1.0
openoutcry_journal_bytes ${journal}
process_start_time_seconds ${started}
process_resident_memory_bytes 1.5e+08
`;
}

test("figures are read by name, histograms by bucket", () => {
  const { values, histograms } = parseMetrics(text(3, 5, 2.15086e6));
  expect(values.get("journal_bytes")).toBe(2_150_860);
  expect(values.get("process_resident_memory_bytes")).toBe(150_000_000);
  expect([...(histograms.get("loop_lag_seconds") ?? [])]).toEqual([
    [0.001, 3],
    [0.005, 5],
    [Infinity, 5],
  ]);
});

test("the highest value between two looks is within a bucket", () => {
  const lag = (low: number, all: number) => parseMetrics(text(low, all)).histograms.get("loop_lag_seconds");
  expect(highestBetween(undefined, lag(3, 5))).toBe(0.005);
  expect(highestBetween(lag(3, 5), lag(9, 11))).toBe(0.001);
  expect(highestBetween(lag(3, 5), lag(3, 5))).toBeNull();
  expect(lastBound(lag(3, 5))).toBe(0.005);
});

test("growth is that of the last minute, and begins anew with the exchange", () => {
  const window = new MetricsWindow();
  const names = ["journal_bytes"];
  expect(growthAMinute(window.take(parseMetrics(text(0, 0, 100)), 0), names)).toBeNull();
  expect(growthAMinute(window.take(parseMetrics(text(0, 0, 200)), 30_000), names)).toBe(200);
  expect(growthAMinute(window.take(parseMetrics(text(0, 0, 230)), 90_000), names)).toBe(30);
  expect(growthAMinute(window.take(parseMetrics(text(0, 0, 5, 2)), 95_000), names)).toBeNull();
});

test("an exchange that does not answer is told in words", async () => {
  expect(await readMetrics(() => Promise.reject(new TypeError()))).toMatchObject({ ok: false, status: 0 });
  const answer = await readMetrics(() => Promise.resolve(new Response(text(0, 0, 7))));
  expect(answer.ok && answer.data.values.get("journal_bytes")).toBe(7);
});

test("sizes and times are written with their units", () => {
  expect([bytes(undefined), bytes(512), bytes(80_257_634_304)]).toEqual(["–", "512 B", "80.3 GB"]);
  expect([time(0.0005), time(0.137), time(2.5), bounded(0.005, 0.5), bounded(Infinity, 0.5)]).toEqual([
    "0.5 ms",
    "137 ms",
    "2.5 s",
    "at most 5.0 ms",
    "above 500 ms",
  ]);
});

test("how long the disk lasts is told where it is soon", () => {
  expect([lasts(6_000, 100), lasts(60 * 24 * 3, 1), lasts(1e12, 1), lasts(10, 0), lasts(10, null)]).toEqual([
    "1.0 hours",
    "3 days",
    null,
    null,
    null,
  ]);
});
