/** Sizes and times as the panel of health writes them. */

import { decimal, NOTHING } from "../../parts/format";

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** A size in bytes: 80.3 GB. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  let rest = value;
  let unit = 0;
  while (Math.abs(rest) >= 1_000 && unit < UNITS.length - 1) {
    rest /= 1_000;
    unit += 1;
  }
  return `${decimal(rest, unit === 0 ? 0 : 1)} ${UNITS[unit]}`;
}

/** A time in seconds, as milliseconds below one: 5 ms. */
export function time(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return NOTHING;
  return seconds < 1 ? `${decimal(seconds * 1_000, seconds < 0.01 ? 1 : 0)} ms` : `${decimal(seconds, 1)} s`;
}

/** A time of which only a bound is known: at most 5 ms. `last`: the highest bound that there is. */
export function bounded(seconds: number | null, last: number): string {
  if (seconds === null) return NOTHING;
  return seconds === Infinity ? `above ${time(last)}` : `at most ${time(seconds)}`;
}

/** How long `left` bytes last if so many are added a minute, in words; null if nothing is added. */
export function lasts(left: number | undefined, aMinute: number | null): string | null {
  if (left === undefined || aMinute === null || aMinute <= 0) return null;
  const hours = left / aMinute / 60;
  if (hours >= 1_000) return null;
  return hours >= 48 ? `${decimal(hours / 24, 0)} days` : `${decimal(hours, 1)} hours`;
}
