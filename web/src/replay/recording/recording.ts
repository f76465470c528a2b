/** Requests to the server of `openoutcry view`. */

import type { ServerMessage } from "../../protocol/messages";
import type { Mark, Moment, Replay } from "../../protocol/replay";
import type { Routes } from "../../protocol/routes";
import { placeText, type Place } from "../moments/moments";

/** A message with the command that it follows from, and its time in the session. */
export type Line = readonly [sequence: number, ms: number, message: ServerMessage];

/** What the exchange would have answered; null what it would have refused. */
export type Answers = { [Route in keyof Routes]?: Routes[Route]["data"] | null };

/** All that is known at `moment`: answers as of `keyframe`, and messages for whoever begins with nothing. */
export interface Frame {
  moment: Moment;
  keyframe: Moment;
  answers: Answers;
  messages: Line[];
}

/** What is told after one moment, up to another; `answers` of the newest keyframe in between, if there is one. */
export interface Slice {
  from: Moment;
  to: Moment;
  /** Nothing more has been read. */
  is_end: boolean;
  messages: Line[];
  answers: Answers | null;
}

/** Of one underlying in one session: a point a market second. */
export interface Prices {
  ms: number[];
  price: number[];
  sequence: number[];
}

export interface LargestTrade {
  moment: Moment;
  message: Extract<ServerMessage, { type: "trade" }>;
}

/** Who is looked at, and which books are wanted. */
export interface View {
  team: string | null;
  books: readonly string[];
}

/** The request failed; the text says why, for a person. */
export class Unanswered extends Error {}

type Query = Record<string, string | number | null>;

export class Recording {
  readonly #fetch: typeof fetch;

  constructor(fetcher: typeof fetch = (...request) => fetch(...request)) {
    this.#fetch = fetcher;
  }

  overview(): Promise<Replay> {
    return this.#ask("/replay", {});
  }

  /** Those after the first so many. */
  async marks(after: number): Promise<Mark[]> {
    return (await this.#ask<{ marks: Mark[] }>("/replay/marks", { after })).marks;
  }

  /** By symbol, those after the first so many. */
  async prices(session: number, after: number): Promise<Record<string, Prices>> {
    return (await this.#ask<{ symbols: Record<string, Prices> }>("/replay/prices", { session, after })).symbols;
  }

  async largestTrades(session: number): Promise<LargestTrade[]> {
    return (await this.#ask<{ trades: LargestTrade[] }>("/replay/largest-trades", { session })).trades;
  }

  frame(at: Place, { team, books }: View): Promise<Frame> {
    return this.#ask("/replay/frame", { at: placeText(at), team, books: books.join(",") });
  }

  slice(after: Moment, to: Place, { team, books }: View): Promise<Slice> {
    const query = { after: placeText(after), to: placeText(to), team, books: books.join(",") };
    return this.#ask("/replay/messages", query);
  }

  /** The newest `limit` messages of these types up to a moment, oldest first; `of`: in this instrument alone. */
  async history(types: string, to: Moment, limit: number, team: string | null, of: string | null): Promise<Line[]> {
    const query = { types, to: placeText(to), limit, team, instrument_id: of };
    return (await this.#ask<{ messages: Line[] }>("/replay/history", query)).messages;
  }

  async #ask<Data>(path: string, query: Query): Promise<Data> {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== null) asked.set(name, String(value));
    const response = await this.#fetch(`${path}?${asked.toString()}`, {
      headers: { Accept: "application/json" },
    }).catch(() => {
      throw new Unanswered("The replay's server does not answer. Does `openoutcry view` still run?");
    });
    const answer: unknown = await response.json().catch(() => {
      throw new Unanswered("No recorded session is served here: `openoutcry view DIR` serves one, and this page.");
    });
    if (response.ok) return answer as Data;
    const { error } = answer as { error?: { message?: string } | null };
    throw new Unanswered(error?.message ?? "The request was refused.");
  }
}
