/**
 * All that an organiser can do: what is asked before it is done, and what follows from it.
 *
 * One row for each route under `/admin` that changes something; a route without a row does not pass the check of types.
 */

import type { Asked, Route } from "../../exchange/rest";
import { money, words } from "../../parts/format";
import type { PhaseRequest } from "../../protocol/messages";

export type Deed = Extract<Route, `POST /admin/${string}`>;

/** How a deed is put to the organiser. `about` names what it is done to, as people call it: `Maker (TEAM_3)`. */
export interface Question<R extends Deed> {
  /** What the button says that does it. */
  verb(asked: Asked<R>): string;
  /** What follows, in a sentence or two. */
  consequence(asked: Asked<R>, about: string): string;
  /** Whether teams lose something by it, or it cannot be taken back: then a reason is needed. */
  hurts(asked: Asked<R>): boolean;
}

const yes = (): boolean => true;
const no = (): boolean => false;

const PHASES: Record<PhaseRequest["phase"], string> = {
  closed: "All orders are cancelled, and nobody can trade until the market opens again.",
  pre_open: "Orders can be entered and cancelled, and wait for the opening auction.",
  opening_auction: "Orders that cross trade at one price. They can be neither entered nor cancelled meanwhile.",
  continuous: "Orders trade as they come.",
  halted: "Trading stops in all instruments. Orders stay and can be cancelled.",
  reopening_call: "Orders can be entered and cancelled, and wait for the reopening auction.",
  reopening_auction: "Orders that cross trade at one price. They can be neither entered nor cancelled meanwhile.",
};

const LEVELS: Record<number, string> = {
  1: "is warned",
  2: "loses points",
  3: "may only enter orders that make its positions smaller",
};

export const QUESTIONS: { [R in Deed]: Question<R> } = {
  "POST /admin/halt": {
    verb: ({ body }) => (body?.instrument_id == null ? "Halt trading" : "Halt instrument"),
    consequence: ({ body }) =>
      `Trading stops ${body?.instrument_id == null ? "in all instruments" : `in ${body.instrument_id}`} at once, until it is resumed. Orders stay, and can be cancelled.`,
    hurts: yes,
  },
  "POST /admin/resume": {
    verb: ({ body }) => (body?.instrument_id == null ? "Resume trading" : "Resume instrument"),
    consequence: () =>
      "The halt ends. In a session with a schedule a reopening call and its auction come first; otherwise trading goes on at once.",
    hurts: no,
  },
  "POST /admin/phase": {
    verb: ({ body }) => `Move to ${words(body.phase)}`,
    consequence: ({ body }) => PHASES[body.phase],
    hurts: ({ body }) => body.phase === "closed" || body.phase === "halted",
  },
  "POST /admin/session": {
    verb: ({ body }) => (body.action === "end" ? "End session" : body.at == null ? "Start session" : "Plan session"),
    consequence: ({ body }, about) =>
      body.action === "end"
        ? "The market closes at once, whatever its phase, and all orders are cancelled. If a session is only planned, the plan is dropped."
        : `The next session starts ${about}: its instruments are listed, and market time runs from the first phase of the timetable on.`,
    hurts: ({ body }) => body.action === "end",
  },
  "POST /admin/speed": {
    verb: () => "Set speed",
    consequence: ({ body }) =>
      `From now on market time runs ${body.speed} times as fast as the clock on the wall, for every team.`,
    hurts: no,
  },
  "POST /admin/fairness/withdraw": {
    verb: () => "Withdraw commitment",
    consequence: () =>
      "The commitment that waits for the next session is given up, and another takes its place. Everybody is told how many were withdrawn.",
    hurts: yes,
  },
  "POST /admin/instruments/{instrument_id}/halt": {
    verb: () => "Halt instrument",
    consequence: ({ path }) =>
      `Trading stops in ${path.instrument_id} at once, until it is resumed. Orders stay, and can be cancelled.`,
    hurts: yes,
  },
  "POST /admin/instruments/{instrument_id}/resume": {
    verb: () => "Resume instrument",
    consequence: ({ path }) =>
      `${path.instrument_id} trades again, by way of an auction if the session has a schedule.`,
    hurts: no,
  },
  "POST /admin/settle": {
    verb: () => "Settle instrument",
    consequence: ({ body }) =>
      `Every position in ${body.instrument_id} is paid out at ${money(body.settlement_price)}. It expires by that, and its orders are cancelled. This cannot be taken back.`,
    hurts: yes,
  },
  "POST /admin/trades/{trade_id}/bust": {
    verb: () => "Bust trade",
    consequence: ({ path }, about) =>
      `${about || path.trade_id} is undone: positions, money and fees of both sides are as if it had never been. Both teams are told, and so is everybody. This cannot be taken back.`,
    hurts: yes,
  },
  "POST /admin/teams": {
    verb: () => "Create team",
    consequence: ({ body }) => `${body.team_name} is registered as ${words(body.role)}. Its key is shown once.`,
    hurts: no,
  },
  "POST /admin/teams/{team_id}/suspend": {
    verb: () => "Suspend team",
    consequence: (_, about) =>
      `All orders of ${about} are cancelled, and its commands are refused until it is reinstated.`,
    hurts: yes,
  },
  "POST /admin/teams/{team_id}/reinstate": {
    verb: () => "Reinstate team",
    consequence: (_, about) => `${about} can trade again. Orders that were cancelled do not come back.`,
    hurts: no,
  },
  "POST /admin/teams/{team_id}/sanction": {
    verb: () => "Sanction team",
    consequence: ({ body }, about) =>
      `${about} ${LEVELS[body.level] ?? `is put on level ${body.level}`}, for the time that the scenario says.`,
    hurts: yes,
  },
  "POST /admin/teams/{team_id}/pardon": {
    verb: () => "Pardon team",
    consequence: (_, about) => `${about} is taken off the ladder of sanctions.`,
    hurts: no,
  },
  "POST /admin/teams/{team_id}/rotate-key": {
    verb: () => "Make a new key",
    consequence: (_, about) =>
      `The old key of ${about} stops working at once: its bots are refused until they have the new one.`,
    hurts: yes,
  },
  "POST /admin/news": {
    verb: () => "Publish headline",
    consequence: ({ body }) => {
      const { headline, regime, jump_percent: jump } = body;
      const effects = [
        ...(regime == null ? [] : [`volatility moves to the regime “${regime}”`]),
        ...(jump == null ? [] : [`the index jumps by ${jump} %`]),
      ];
      const effect =
        effects.length === 0
          ? "No price moves by it."
          : `In the next market second ${effects.join(", and ")}; teams are not told.`;
      return `Everybody reads “${headline}”. ${effect}`;
    },
    hurts: ({ body }) => body.regime != null || body.jump_percent != null,
  },
  "POST /admin/announce": {
    verb: () => "Announce",
    consequence: ({ body }) => `Everybody is told “${body.text}”.`,
    hurts: no,
  },
};
