import { expect, test } from "vitest";

import { Rest } from "../../exchange/rest";
import type { TeamOverviewInfo } from "../../protocol/messages";
import { ago, breached, fullest, presence, refused, sanctionsOf } from "./figures";
import { pressed, sorted } from "./sorting";
import { TeamsWatch, type WatchedTeam } from "./watched";

function team(number: number, changes: Partial<WatchedTeam> = {}): WatchedTeam {
  return {
    team_id: `TEAM_${number}`,
    team_name: `Team ${number}`,
    role: "retail",
    owner: null,
    suspended: false,
    has_key: true,
    connections: 1,
    last_seen: null,
    orders: 0,
    refusals: {},
    positions: {},
    equity: 0,
    pnl: 0,
    limits: {},
    duties: [],
    sanctions: { level: 0, since: null },
    reduce_only: false,
    ordersPerSecond: null,
    ...changes,
  };
}

const names = (teams: readonly WatchedTeam[]) => teams.map(({ team_name }) => team_name);

test("the fullest limit is the one of which most is used; equity that is gone is used up", () => {
  expect(fullest(team(1))).toBeNull();
  const limits = { open_orders: { used: 20, limit: 400 }, position: { used: 95, limit: 100 } };
  expect(fullest(team(1, { limits }))).toEqual({ name: "position", share: 0.95 });
  expect(fullest(team(1, { limits: { requirement: { used: 5, limit: -3 } } }))).toEqual({
    name: "requirement",
    share: 1,
  });
});

test("sanctions are said once, and suspension beside them", () => {
  expect(sanctionsOf(team(1))).toEqual([]);
  expect(sanctionsOf(team(1, { sanctions: { level: 3, since: null }, reduce_only: true }))).toEqual(["reduce-only"]);
  expect(sanctionsOf(team(1, { sanctions: { level: 1, since: null }, reduce_only: true, suspended: true }))).toEqual([
    "warned",
    "reduce-only",
    "suspended",
  ]);
});

test("refusals are counted, and duties that are breached are named", () => {
  const duty = { measured: 0.5, required: 0.8, since: null };
  const watched = team(1, {
    refusals: { INVALID_PRICE: 3, RATE_LIMIT_EXCEEDED: 4 },
    duties: [
      { duty: "quote_coverage", state: "breached", ...duty },
      { duty: "portfolio_delta", state: "met", ...duty },
    ],
  });
  expect(refused(watched)).toBe(7);
  expect(breached(watched)).toEqual(["quote coverage"]);
});

test("presence and how long ago are said in words", () => {
  expect(presence(team(1, { has_key: false }))).toBe("the exchange's");
  expect(presence(team(1, { connections: 0 }))).toBe("not connected");
  const now = Date.parse("2024-01-15T10:00:00Z");
  expect([ago(null, now), ago("2024-01-15T09:59:57Z", now), ago("2024-01-15T08:30:00Z", now)]).toEqual([
    "never",
    "3 s ago",
    "90 min ago",
  ]);
});

test("numbers come from the largest on, names from A on; a second press turns it round", () => {
  const teams = [team(2, { pnl: 1 }), team(1, { pnl: -5 }), team(3, { pnl: 9 })];
  let order = pressed({ column: "team", descending: false }, "pnl");
  expect(names(sorted(teams, order))).toEqual(["Team 3", "Team 2", "Team 1"]);
  order = pressed(order, "pnl");
  expect(names(sorted(teams, order))).toEqual(["Team 1", "Team 2", "Team 3"]);
  expect(names(sorted(teams, pressed(order, "team")))).toEqual(["Team 1", "Team 2", "Team 3"]);
});

test("numbers in names count as numbers", () => {
  const teams = [team(10), team(9), team(100)];
  expect(names(sorted(teams, { column: "team", descending: false }))).toEqual(["Team 9", "Team 10", "Team 100"]);
});

test("equal teams stay as they were registered", () => {
  const teams = [team(2), team(1), team(3)];
  expect(names(sorted(teams, { column: "pnl", descending: true }))).toEqual(["Team 2", "Team 1", "Team 3"]);
});

test("all pages are one look, and rates follow from looks", async () => {
  const pages: Record<string, TeamOverviewInfo[]> = { "": [team(1), team(2)], TEAM_2: [team(3)] };
  let now = 0;
  const rest = new Rest(
    () => ({ team: null, organiser: "key", organiserName: null }),
    (address) => {
      const after = new URL(String(address), "http://here").searchParams.get("after") ?? "";
      const teams = pages[after] ?? [];
      const data = { teams, omitted: after === "" ? 1 : 0, roles: ["retail"] };
      return Promise.resolve(Response.json({ success: true, request_id: "", order_id: null, data, error: null }));
    },
  );
  const watch = new TeamsWatch(rest, { now: () => now, pause: () => Promise.resolve() });
  const first = await watch.read();
  expect(first.ok && names(first.data.teams)).toEqual(["Team 1", "Team 2", "Team 3"]);
  pages["TEAM_2"] = [team(3, { orders: 8 })];
  now = 2_000;
  const second = await watch.read();
  expect(second.ok && second.data.teams.map(({ ordersPerSecond }) => ordersPerSecond)).toEqual([0, 0, 4]);
});
