import { expect, test } from "vitest";

import { thinnedPath } from "./thinned";

test("the path has the first and the last point, and no more than was asked", () => {
  const places = Array.from({ length: 1_001 }, (_, place) => place);
  const path = thinnedPath(places, places, 1_000, 101);
  expect(path.startsWith("M0.00000 1.0000")).toBe(true);
  expect(path.endsWith("L1.00000 0.0000")).toBe(true);
  expect(path.split("L").length).toBeLessThanOrEqual(102);
});

test("a flat line and one of less than two points are no trouble", () => {
  expect(thinnedPath([0, 1], [5, 5], 1, 100)).toBe("M0.00000 1.0000L1.00000 1.0000");
  expect(thinnedPath([0], [5], 1, 100)).toBe("");
});
