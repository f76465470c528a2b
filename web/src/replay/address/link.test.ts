import { expect, test } from "vitest";

import { linkText, readLink } from "./link";

test("a link names moment, team and instrument, and is read as it was written", () => {
  const link = { place: { session: 1, ms: 60_000, sequence: 812 }, team: "TEAM_3", instrument: "SPX_4500_C 1&2" };
  expect(linkText(link)).toBe("#at=1:60000:812&team=TEAM_3&instrument=SPX_4500_C%201%262");
  expect(readLink(linkText(link))).toEqual(link);
});

test("what a link does not name is null", () => {
  const nothing = { place: null, team: null, instrument: null };
  expect(readLink("")).toEqual(nothing);
  expect(readLink("#at=yesterday&team=")).toEqual(nothing);
  expect(readLink(linkText(nothing))).toEqual(nothing);
});
