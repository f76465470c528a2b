/** A line of many points, drawn over few pixels. */

/** Of `values` at `places` at most `most` points, the first and the last among them: as SVG path data in a box of 1 by 1. */
export function thinnedPath(
  places: readonly number[],
  values: readonly number[],
  length: number,
  most: number,
): string {
  const count = values.length;
  if (count < 2 || length <= 0) return "";
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const height = high - low || 1;
  const stride = Math.max(1, Math.ceil((count - 1) / (most - 1)));
  const drawn: string[] = [];
  for (let index = 0; index < count + stride - 1; index += stride) {
    const place = Math.min(index, count - 1);
    const x = (places[place] ?? 0) / length;
    const y = 1 - ((values[place] ?? 0) - low) / height;
    drawn.push(`${drawn.length === 0 ? "M" : "L"}${x.toFixed(5)} ${y.toFixed(4)}`);
  }
  return drawn.join("");
}
