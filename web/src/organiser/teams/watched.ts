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

export class TeamsWatch {
  readonly #rest: Rest;
  readonly #now: () => number;
  readonly #rates = new OrderRates();

  constructor(rest: Rest, now: () => number = () => performance.now()) {
    this.#rest = rest;
    this.#now = now;
  }

  async read(): Promise<{ ok: true; data: TeamsView } | Refused> {
    const teams: WatchedTeam[] = [];
    for (;;) {
      const after = teams.at(-1)?.team_id;
      const answer = await this.#rest.ask("GET /admin/teams", after === undefined ? {} : { query: { after } });
      if (!answer.ok) return answer;
      const at = this.#now();
      for (const team of answer.data.teams) {
        teams.push({ ...team, ordersPerSecond: this.#rates.take(team.team_id, team.orders, at) });
      }
      const { omitted, roles } = answer.data;
      if (omitted === 0 || answer.data.teams.length === 0) return { ok: true, data: { teams, roles } };
    }
  }
}
