/** What an organiser looks for in a team, made of what the exchange tells. */

import { words } from "../../parts/format";
import type { LimitInfo, TeamOverviewInfo } from "../../protocol/messages";

/** Share of a limit from which on its use is marked. */
export const NEARLY_FULL = 0.9;

const LEVELS: Record<number, string> = { 1: "warned", 2: "points off", 3: "reduce-only" };

/** How much of a limit is used; one of 0 or less, which equity may be, is used up. */
export function shareOf({ used, limit }: LimitInfo): number {
  if (used === 0) return 0;
  return limit > 0 ? used / limit : 1;
}

/** The limit of which most is used; null if none is. */
export function fullest(team: TeamOverviewInfo): { name: string; share: number } | null {
  let most: { name: string; share: number } | null = null;
  for (const [name, limit] of Object.entries(team.limits)) {
    const share = shareOf(limit);
    if (share > (most?.share ?? 0)) most = { name: words(name), share };
  }
  return most;
}

export function refused(team: TeamOverviewInfo): number {
  return Object.values(team.refusals).reduce((sum, count) => sum + count, 0);
}

/** The team's level on the ladder, and whether it may act at all; empty if it has done nothing wrong. */
export function sanctionsOf(team: TeamOverviewInfo): string[] {
  const said = [LEVELS[team.sanctions.level] ?? []].flat();
  if (team.reduce_only && !said.includes("reduce-only")) said.push("reduce-only");
  if (team.suspended) said.push("suspended");
  return said;
}

/** The duties that the team breaches. */
export function breached(team: TeamOverviewInfo): string[] {
  return team.duties.filter(({ state }) => state === "breached").map(({ duty }) => words(duty));
}

/** Whether its bots are there: the exchange's own teams have none. */
export function presence(team: TeamOverviewInfo): string {
  if (!team.has_key) return "the exchange's";
  return team.connections === 0 ? "not connected" : `${team.connections} connected`;
}

/** How long ago, in words, at `now` in milliseconds since 1970. */
export function ago(timestamp: string | null, now: number): string {
  if (timestamp === null) return "never";
  const seconds = Math.max(0, Math.round((now - Date.parse(timestamp)) / 1_000));
  if (seconds < 100) return `${seconds} s ago`;
  return seconds < 6_000 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3_600)} h ago`;
}
