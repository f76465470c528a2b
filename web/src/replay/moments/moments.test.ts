import { expect, test } from "vitest";

import type { SessionShown } from "../../protocol/replay";
import { clockText, endOfSecond, isBeyond, marketTimeAt, placeOfSecond, placeText, readPlace } from "./moments";

const NINE_THIRTY = Date.UTC(2024, 2, 15, 9, 30) / 1_000;

function session(number: number, beginsAt: string | null, endsMs: number): SessionShown {
  return {
    session: number,
    date: null,
    begins: { session: number, ms: 0, sequence: 10 * number },
    ends: { session: number, ms: endsMs, sequence: 10 * number + 9 },
    begins_at: beginsAt,
    speed: 1,
    is_running: false,
  };
}

const BEFORE = session(0, null, 900);
const FIRST = session(1, "2024-03-15T09:30:00-05:00", 60_000);
const SECOND = session(2, "2024-03-18T09:30:00-05:00", 60_000);

test("a place is read as it was written", () => {
  for (const place of [
    { session: 1, ms: 60_000 },
    { session: 1, ms: 60_000, sequence: 812 },
  ]) {
    expect(readPlace(placeText(place))).toEqual(place);
  }
  for (const text of [null, "", "1", "1:", "a:b", "1:2:3:4", "-1:0"]) expect(readPlace(text)).toBeNull();
});

test("market time is that of the session's own zone", () => {
  expect(marketTimeAt(FIRST, 61_500)).toBe("2024-03-15T09:31:01.500-05:00");
  expect(clockText(FIRST, 61_500)).toBe("09:31:01");
  expect(marketTimeAt(BEFORE, 900)).toBeNull();
  expect(clockText(BEFORE, 12_900)).toBe("+00:00:12");
});

test("a market second is found in the session that had it, at its end", () => {
  const all = [BEFORE, FIRST, SECOND];
  expect(placeOfSecond(all, NINE_THIRTY + 5)).toEqual({ session: 1, ms: 5_999 });
  expect(placeOfSecond(all, NINE_THIRTY + 60)).toEqual({ session: 1, ms: 60_000 });
  expect(placeOfSecond(all, NINE_THIRTY + 3 * 86_400)).toEqual({ session: 2, ms: 999 });
  expect(placeOfSecond(all, NINE_THIRTY - 1)).toBeNull();
});

test("a second's end is in it", () => {
  expect([0, 999, 1_000, 1_500.5].map(endOfSecond)).toEqual([999, 999, 1_999, 1_999]);
});

test("what is not read yet is known by session, time or command", () => {
  const last = { session: 1, ms: 500, sequence: 15 };
  expect(isBeyond({ session: 1, ms: 500 }, last)).toBe(false);
  expect(isBeyond({ session: 1, ms: 501 }, last)).toBe(true);
  expect(isBeyond({ session: 2, ms: 0 }, last)).toBe(true);
  expect(isBeyond({ session: 1, ms: 0, sequence: 16 }, last)).toBe(true);
});
