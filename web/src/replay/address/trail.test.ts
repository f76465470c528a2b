import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Link } from "./link";
import { Trail } from "./trail";

const at = (ms: number): Link => ({ place: { session: 1, ms, sequence: ms }, team: null, instrument: null });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("small steps change the address a little later, and leave no way back", () => {
  const trail = new Trail();
  const before = history.length;
  trail.keep(at(1));
  trail.keep(at(2));
  expect(trail.read().place).toBeNull();
  vi.runAllTimers();
  expect(trail.read()).toEqual(at(2));
  expect(history.length).toBe(before);
});

test("a jump leaves a way back to what was shown last", () => {
  const trail = new Trail();
  const before = history.length;
  trail.keep(at(3));
  trail.push(at(9));
  expect(trail.read()).toEqual(at(9));
  expect(history.length).toBe(before + 1);
  trail.push(at(9));
  expect(history.length).toBe(before + 1);
});

test("going back is told with the link that is in the address then", () => {
  const trail = new Trail();
  const told: Link[] = [];
  const stop = trail.start((link) => told.push(link));
  history.replaceState(null, "", "#at=1:5:5");
  dispatchEvent(new PopStateEvent("popstate"));
  stop();
  dispatchEvent(new PopStateEvent("popstate"));
  expect(told).toEqual([at(5)]);
});
