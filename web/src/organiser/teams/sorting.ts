/** The order of the table of teams. */

import { breached, fullest, refused, sanctionsOf } from "./figures";
import type { WatchedTeam } from "./watched";

export type Column =
  "team" | "connected" | "rate" | "orders" | "refused" | "limit" | "outside" | "sanctions" | "pnl" | "equity";

export interface Order {
  column: Column;
  descending: boolean;
}

type Rank = (team: WatchedTeam) => number | string;

const RANKS: Record<Column, Rank> = {
  team: (team) => team.team_name.toLowerCase(),
  connected: (team) => (team.has_key ? team.connections : -1),
  rate: (team) => team.ordersPerSecond ?? -1,
  orders: (team) => team.orders,
  refused: (team) => refused(team),
  limit: (team) => fullest(team)?.share ?? 0,
  outside: (team) => breached(team).length,
  sanctions: (team) =>
    (team.suspended ? 100 : 0) + (team.reduce_only ? 10 : 0) + sanctionsOf(team).length + team.sanctions.level,
  pnl: (team) => team.pnl,
  equity: (team) => team.equity,
};

/** Teams in `order`; equal ones stay as they were registered. */
export function sorted(teams: readonly WatchedTeam[], { column, descending }: Order): WatchedTeam[] {
  const rank = RANKS[column];
  return teams.toSorted((one, other) => {
    const [a, b] = [rank(one), rank(other)];
    const order = typeof a === "string" ? a.localeCompare(String(b), "en", { numeric: true }) : a - Number(b);
    return descending ? -order : order;
  });
}

/** The order once a heading is pressed: names from A on, numbers from the largest; pressed again, the other way. */
export function pressed(order: Order, column: Column): Order {
  if (order.column === column) return { column, descending: !order.descending };
  return { column, descending: column !== "team" };
}
