/** The log of what organisers did, read on from where it was last read. */

import type { Refused, Rest } from "../../exchange/rest";
import { words } from "../../parts/format";
import type { ActionInfo } from "../../protocol/messages";

const PAGE = 500;

export class ActionLog {
  readonly #rest: Rest;
  #actions: readonly ActionInfo[] = [];
  #forgotten = 0;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** Read what is new; all that is known, newest first. */
  async read(): Promise<{ ok: true; data: LogView } | Refused> {
    for (;;) {
      const after = this.#actions[0]?.sequence ?? 0;
      const answer = await this.#rest.ask("GET /admin/actions", { query: { after, limit: PAGE } });
      if (!answer.ok) return answer;
      if (after === 0) this.#forgotten = answer.data.forgotten;
      const known = this.#actions[0]?.sequence ?? 0;
      const news = answer.data.actions.filter(({ sequence }) => sequence > known);
      if (news.length > 0) this.#actions = [...news.toReversed(), ...this.#actions];
      if (answer.data.omitted === 0) return { ok: true, data: { actions: this.#actions, forgotten: this.#forgotten } };
    }
  }
}

export interface LogView {
  /** Newest first. */
  actions: readonly ActionInfo[];
  /** How many older ones the exchange no longer kept when it was first asked. */
  forgotten: number;
}

/** What a command was about, in a line: `phase closed, speed 10`. */
export function termsOf({ terms }: ActionInfo): string {
  return Object.entries(terms)
    .filter(([, value]) => value !== null && value !== "")
    .map(([name, value]) => `${words(name)} ${text(value)}`)
    .join(", ");
}

function text(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, each]) => `${words(name)} ${text(each)}`)
      .join(", ");
  }
  return String(value);
}
