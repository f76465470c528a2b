/** Axes: values to places, and round numbers to write beside them. */

export interface Scale {
  low: number;
  high: number;
  /** The place of a value, `from` at `low` and `to` at `high`. */
  place: (value: number) => number;
  ticks: number[];
}

/** A scale over all of `values`, a little wider; `ticks` are about `count` round numbers within it. */
export function scaleOf(values: readonly number[], from: number, to: number, count: number): Scale {
  const finite = values.filter(Number.isFinite);
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (finite.length === 0) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 1, high + 1];
  return {
    low,
    high,
    place: (value) => from + ((value - low) / (high - low)) * (to - from),
    ticks: roundNumbers(low, high, count),
  };
}

/** Multiples of 1, 2 or 5 times a power of ten within `low` and `high`, about `count` of them. */
export function roundNumbers(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? 10 * power;
  const found: number[] = [];
  for (let n = Math.ceil(low / step); n * step <= high; n += 1) found.push(Number((n * step).toPrecision(12)));
  return found;
}

/** An SVG path through places. */
export function pathOf(places: readonly (readonly [number, number])[]): string {
  return places.map(([x, y], place) => `${place === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}
