/** What surveillance has found, as it is asked for; null where the scenario is not scored, for then nobody looks. */

import type { Refused, Rest } from "../../exchange/rest";
import type { SurveillanceData } from "../../protocol/messages";

export async function readFindings(rest: Rest): Promise<{ ok: true; data: SurveillanceData | null } | Refused> {
  const answer = await rest.ask("GET /admin/surveillance");
  return !answer.ok && answer.error.code === "NO_SCORES" ? { ok: true, data: null } : answer;
}

/** Ids in a line, and how many more there are than are told. */
export function listed(ids: readonly (string | number)[], count: number): string {
  const more = count - ids.length;
  return ids.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
