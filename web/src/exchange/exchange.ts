/**
 * The exchange as a page sees it: requests, the stream, and what they have told. A page has one, and hands it to its
 * panels by Svelte's context.
 */

import { getContext, setContext } from "svelte";

import { Market } from "../market/market";
import { Own } from "../market/own";
import type { FillInfo, NewsInfo, ServerMessage } from "../protocol/messages";
import { Cell } from "../frames/cells.svelte";
import { Frames } from "../frames/frames";
import { keepKey, keepOrganiserName, readKeys } from "./keys";
import { allPages } from "./pages";
import { type Keys, Rest } from "./rest";
import { type Condition, Stream } from "./stream";

export interface Connection {
  condition: Condition;
  /** Why it is not live, where that is known. */
  why: string | null;
  /** When it was last heard from, in wall time as milliseconds since 1970; null if never. */
  heardAt: number | null;
}

/** What panels are given, by an exchange or by a recorded session. */
export interface Shown {
  readonly market: Market;
  readonly own: Own;
  readonly connection: Cell<Connection>;
  /** Counts the times that everything began anew: what a view keeps for itself may have a gap before that. */
  readonly beginnings: Cell<number>;
  readonly rest: Pick<Rest, "ask">;
  readonly stream: Pick<Stream, "want">;
  /** In a recorded session nobody logs in or trades, and time passes as a person likes. */
  readonly recorded: Recorded | null;
}

export interface Recorded {
  /** Whether a team is looked at; it may not be registered yet. */
  readonly isTeamChosen: boolean;
  /** Show the end of this market second, as `marketSecond` gives it. */
  jump(second: number): void;
}

const CONTEXT = Symbol("exchange");

/** How long a page is out of sight before it stops reading, so that a glance at another tab costs nothing. */
const HIDDEN_MS = 2_000;

/** Between two questions for what no channel tells, such as the speed that an organiser has set. */
const MARKET_MS = 30_000;

export class Exchange implements Shown {
  readonly recorded = null;
  readonly frames = new Frames();
  readonly market = new Market(this.frames);
  readonly own = new Own(this.frames);
  readonly connection = new Cell<Connection>(this.frames, { condition: "connecting", why: null, heardAt: null });
  /** Counts the times that public channels began anew: what a view keeps for itself may have a gap before that. */
  readonly beginnings = new Cell(this.frames, 0);
  /** The keys that were typed in; whether they are right, the exchange tells when they are used. */
  readonly keys: Cell<Keys>;
  readonly rest: Rest;
  readonly stream: Stream;
  readonly #readKeys: () => Keys;
  #marketAsked = 0;

  /** `read`: which of the kept keys this page uses. */
  constructor(read: () => Keys = readKeys) {
    this.#readKeys = read;
    this.keys = new Cell(this.frames, read());
    this.rest = new Rest(() => this.keys.now);
    this.stream = new Stream({
      message: (message) => this.#take(message),
      condition: (condition, why) => this.#connected(condition, why),
      beginning: () => this.#begin(),
    });
    this.market.onGap = (instrument) => this.stream.renew(`book:${instrument}`);
  }

  /** Begin; the returned function ends it. Every page calls it once. */
  start(): () => void {
    const stopWanting = [this.stream.want("market"), this.stream.want("underlyings")];
    let hiding: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      clearTimeout(hiding);
      if (document.hidden) hiding = setTimeout(() => (this.stream.hidden = true), HIDDEN_MS);
      else this.stream.hidden = false;
    };
    document.addEventListener("visibilitychange", look);
    // A new phase may be one of another session, with another speed.
    stopWanting.push(this.market.listeners.on("session_status", () => void this.#askMarket()));
    const asking = setInterval(() => {
      if (!document.hidden) void this.#askMarket();
    }, MARKET_MS);
    this.stream.open(this.keys.now.team);
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearTimeout(hiding);
      clearInterval(asking);
      for (const stop of stopWanting) stop();
      this.stream.close();
    };
  }

  /** Go on as the team of `key`; with null, without a key. */
  useTeamKey(key: string | null): void {
    keepKey("team", key);
    this.keys.set(this.#readKeys());
    this.own.leave();
    this.stream.open(key);
  }

  /** Ask organiser's routes with this key; with null, no more. `name`: who it is that acts, for the journal. */
  useOrganiserKey(key: string | null, name: string | null = null): void {
    keepKey("organiser", key);
    keepOrganiserName(name);
    this.keys.set(this.#readKeys());
  }

  #take(message: ServerMessage): void {
    this.market.take(message);
    this.own.take(message);
    if (message.type === "welcome" && message.team_id !== null) void this.#askOwn(message.team_id);
    const { condition, why } = this.connection.now;
    this.connection.set({ condition, why, heardAt: Date.now() });
  }

  #connected(condition: Condition, why: string | null): void {
    this.connection.set({ condition, why, heardAt: this.connection.now.heardAt });
  }

  #begin(): void {
    this.market.beginAnew();
    this.beginnings.set(this.beginnings.now + 1);
    void this.#snapshot();
  }

  /** What `welcome` does not tell of a team. */
  async #askOwn(teamId: string): Promise<void> {
    const { own, rest } = this;
    const positions = await rest.ask("GET /positions");
    if (positions.ok && own.teamId.now === teamId) own.takePositions(positions.data);
    const fills = await allPages<FillInfo>(
      ({ trade_id }) => trade_id,
      async (query) => {
        const answer = await rest.ask("GET /fills", { query });
        return answer.ok ? answer.data.fills : null;
      },
    );
    if (own.teamId.now === teamId) own.takeFills(fills);
  }

  /** What no channel tells from its beginning. */
  async #snapshot(): Promise<void> {
    const { rest, market } = this;
    void this.#askMarket();
    const [instruments, news] = await Promise.all([rest.ask("GET /instruments"), this.#askNews()]);
    if (instruments.ok) market.takeInstruments(instruments.data.instruments);
    market.takeNews(news);
  }

  /** All, because the newest are wanted. */
  #askNews(): Promise<NewsInfo[]> {
    return allPages<NewsInfo>(
      ({ news_id }) => news_id,
      async (query) => {
        const answer = await this.rest.ask("GET /news", { query });
        return answer.ok ? answer.data.news : null;
      },
    );
  }

  /** Of several answers only that to the last question counts: a phase that was told meanwhile is asked about anew. */
  async #askMarket(): Promise<void> {
    const asked = (this.#marketAsked += 1);
    const answer = await this.rest.ask("GET /market");
    if (answer.ok && asked === this.#marketAsked) this.market.takeMarket(answer.data);
  }
}

/** Make the page's exchange known to all its panels. */
export function provideExchange(exchange: Shown): void {
  setContext(CONTEXT, exchange);
}

/** What this page shows, live or recorded; to be called while a component begins. */
export function useShown(): Shown {
  return getContext<Shown>(CONTEXT);
}

/** The exchange of this page, which is live; to be called while a component begins. */
export function useExchange(): Exchange {
  return getContext<Exchange>(CONTEXT);
}
