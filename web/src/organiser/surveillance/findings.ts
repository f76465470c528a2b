/** What surveillance has found, as it is asked for; null where the scenario is not scored, for then nobody looks. */

import type { Refused, Rest } from "../../exchange/rest";
import type { SurveillanceData } from "../../protocol/messages";

export class Findings {
  readonly #rest: Rest;
  #unscored = false;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  async read(): Promise<{ ok: true; data: SurveillanceData | null } | Refused> {
    // A scenario does not change while an exchange keeps its key.
    if (this.#unscored) return { ok: true, data: null };
    const answer = await this.#rest.ask("GET /admin/surveillance");
    if (answer.ok || answer.error.code !== "NO_SCORES") return answer;
    this.#unscored = true;
    return { ok: true, data: null };
  }
}

/** Ids in a line, and how many more there are than are told. */
export function listed(ids: readonly (string | number)[], count: number): string {
  const more = count - ids.length;
  return ids.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
