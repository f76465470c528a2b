/** What happened in a session, for the timeline and the list: marks, and the largest trades. */

import { decimal, quantity } from "../../parts/format";
import type { Mark, Moment } from "../../protocol/replay";
import type { LargestTrade } from "../recording/recording";

export type Kind = Mark["kind"] | "trade";

export interface Happening {
  kind: Kind;
  moment: Moment;
  text: string;
}

/** How a kind is drawn: in which lane, with which sign; its name for a person. */
export const KINDS: Readonly<Record<Kind, { name: string; lane: number; sign: string }>> = {
  phase: { name: "Phases", lane: 0, sign: "▸" },
  halt: { name: "Halts", lane: 0, sign: "■" },
  news: { name: "News", lane: 1, sign: "◆" },
  announcement: { name: "Announcements", lane: 1, sign: "▲" },
  sanction: { name: "Sanctions", lane: 2, sign: "!" },
  suspension: { name: "Suspensions", lane: 2, sign: "×" },
  bust: { name: "Undone trades", lane: 2, sign: "↶" },
  trade: { name: "Large trades", lane: 3, sign: "●" },
};

export const LANES = 4;

/** Those of one session, in order. */
export function happeningsOf(session: number, marks: readonly Mark[], largest: readonly LargestTrade[]): Happening[] {
  const trades = largest.map(({ moment, message }) => {
    const { instrument_id, price } = message;
    return {
      kind: "trade" as const,
      moment,
      text: `${quantity(message.quantity)} ${instrument_id} at ${decimal(price, 2)}`,
    };
  });
  return [...marks, ...trades]
    .filter(({ moment }) => moment.session === session)
    .sort((a, b) => a.moment.sequence - b.moment.sequence);
}

/** The last that is not after `moment`: its place; -1 if there is none. */
export function lastUpTo(all: readonly Happening[], { sequence }: Moment): number {
  return all.findLastIndex(({ moment }) => moment.sequence <= sequence);
}

/** The next one after `moment`, or the last one before it; null if there is none. */
export function neighbour(all: readonly Happening[], { sequence }: Moment, isNext: boolean): Happening | null {
  const found = isNext
    ? all.find(({ moment }) => moment.sequence > sequence)
    : all.findLast(({ moment }) => moment.sequence < sequence);
  return found ?? null;
}
