import { expect, test } from "vitest";

import { pathOf, roundNumbers, scaleOf } from "./scale";

test("ticks are round numbers within the scale", () => {
  expect(roundNumbers(4390, 4610, 5)).toEqual([4400, 4450, 4500, 4550, 4600]);
  expect(roundNumbers(-0.3, 0.31, 4)).toEqual([-0.2, 0, 0.2]);
  expect(roundNumbers(0, 1, 0)).toEqual([0, 1]);
});

test("values have places between the ends; the scale may run down", () => {
  const scale = scaleOf([10, 30, 20], 100, 0, 2);
  expect([scale.place(10), scale.place(20), scale.place(30)]).toEqual([100, 50, 0]);
});

test("one value, or none, still makes a scale", () => {
  expect(scaleOf([5], 0, 10, 2).place(5)).toBe(5);
  expect(scaleOf([], 0, 10, 2).place(0.5)).toBe(5);
  expect(scaleOf([Number.NaN, 1, 3], 0, 10, 2).low).toBe(1);
});

test("a path goes through all places", () => {
  expect(
    pathOf([
      [0, 1],
      [2.34, 5],
    ]),
  ).toBe("M0.0 1.0L2.3 5.0");
});
