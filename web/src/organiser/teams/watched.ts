/** All teams at one look: page after page, with the rate of each team's orders. */

import type { Refused, Rest } from "../../exchange/rest";
import type { TeamOverviewInfo } from "../../protocol/messages";
import { OrderRates } from "./rates";

export interface WatchedTeam extends TeamOverviewInfo {
  /** Orders a second over the last ten seconds; null at the first look. */
  ordersPerSecond: number | null;
}

export interface TeamsView {
  /** In the order of their registration. */
  teams: readonly WatchedTeam[];
  /** The scenario's roles. */
  roles: readonly string[];
}

/** Between two pages of a look: orders wait while an exchange makes one. */
const PAGE_PAUSE_MS = 200;

/** The parts of a browser that a watch uses; tests bring others. */
export interface Surroundings {
  now(): number;
  pause(ms: number): Promise<void>;
}

export class TeamsWatch {
  readonly #rest: Rest;
  readonly #around: Surroundings;
  readonly #rates = new OrderRates();

  constructor(rest: Rest, around: Surroundings = browser()) {
    this.#rest = rest;
    this.#around = around;
  }

  async read(): Promise<{ ok: true; data: TeamsView } | Refused> {
    const teams: WatchedTeam[] = [];
    for (;;) {
      const after = teams.at(-1)?.team_id;
      const answer = await this.#rest.ask("GET /admin/teams", after === undefined ? {} : { query: { after } });
      if (!answer.ok) return answer;
      const at = this.#around.now();
      for (const team of answer.data.teams) {
        teams.push({ ...team, ordersPerSecond: this.#rates.take(team.team_id, team.orders, at) });
      }
      const { omitted, roles } = answer.data;
      if (omitted === 0 || answer.data.teams.length === 0) return { ok: true, data: { teams, roles } };
      await this.#around.pause(PAGE_PAUSE_MS);
    }
  }
}

function browser(): Surroundings {
  return {
    now: () => performance.now(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}
