import { expect, test } from "vitest";

import { Frames } from "../frames/frames";
import { MarketClock, timeOfDay } from "./clock";

test("market time goes on at the session's speed between what is told, while it runs", () => {
  let now = 0;
  const clock = new MarketClock(new Frames((callback) => callback()), () => now);
  expect(clock.text()).toBe("");
  clock.setSpeed(30);
  clock.told("2026-11-30T09:30:00.000000-05:00");
  now = 1_000;
  expect(clock.text()).toBe("09:30:00");
  clock.run(true);
  expect(clock.text()).toBe("09:30:30");
});

test("a time of day is that of its own zone", () => {
  const at = Date.parse("2026-11-30T14:30:00Z");
  expect(timeOfDay(at, "-05:00")).toBe("09:30:00");
  expect(timeOfDay(at, "+05:30")).toBe("20:00:00");
  expect(timeOfDay(at, "Z")).toBe("14:30:00");
});
