/**
 * A recorded session as panels see it: the same as an exchange, at a moment that a person chooses. It is a fold over the
 * messages that were told then, so a panel cannot tell it from a live one.
 */

import { getContext, setContext } from "svelte";

import { type Connection, provideExchange, type Recorded, type Shown } from "../exchange/exchange";
import type { Answer, Done, Refused, Route } from "../exchange/rest";
import { Cell } from "../frames/cells.svelte";
import { Frames } from "../frames/frames";
import { Market } from "../market/market";
import { Own } from "../market/own";
import type { UnderlyingPrice } from "../protocol/messages";
import type { Moment, SessionShown } from "../protocol/replay";
import { endOfSecond, isBeyond, marketTimeAt, placeOfSecond, sessionOf, type Place } from "./moments/moments";
import { load, show, takeNewer, type Before } from "./playing/fold";
import { Playing } from "./playing/playing";
import { Wanted } from "./playing/wanted";
import { Known, wordsOf } from "./recording/known.svelte";
import { Recording, type Frame, type Line, type Prices, type View } from "./recording/recording";

const CONTEXT = Symbol("replay");
const NOWHERE: Moment = { session: 0, ms: 0, sequence: 0 };

export class Replay implements Shown {
  readonly frames = new Frames();
  readonly market: Market = new Market(this.frames, () => this.#toldMs / this.market.clock.speed);
  readonly own = new Own(this.frames);
  readonly connection = new Cell<Connection>(this.frames, { condition: "live", why: null, heardAt: null });
  readonly beginnings = new Cell(this.frames, 0);
  readonly rest = { ask: <R extends Route>(route: R, ...asked: unknown[]) => this.#answer(route, asked[0]) };
  readonly stream = { want: (channel: string) => this.#wanted.want(channel) };
  readonly recorded: Recorded;

  /** What there is to see. */
  readonly known: Known;

  /** What is shown: just after this command. Null before anything is. */
  moment = $state.raw<Moment | null>(null);
  /** The time in the session, which goes on between commands. */
  ms = $state.raw(0);
  /** A place that was asked for and is not read yet: it is shown when it is. */
  awaited = $state.raw<Place | null>(null);
  team = $state.raw<string | null>(null);
  isPlaying = $state(false);
  speed = $state(10);
  /** Why a request failed, in words that can be shown. */
  problem = $state<string | null>(null);

  /** Called before a person's jump, so that there is a way back. */
  onJump: (place: Place) => void = () => {};
  /** Called when a whole frame has been taken, before it is seen. */
  onFrame: () => void = () => {};

  readonly #recording: Recording;
  readonly #playing: Playing;
  readonly #wanted = new Wanted(() => this.#renewSoon());
  /** The time at which the message that is taken was told. */
  #toldMs = 0;
  #wish: Place | null = null;
  #isLoading = false;
  #renews = false;

  constructor(recording: Recording = new Recording()) {
    this.#recording = recording;
    this.recorded = recordedIn(this);
    this.known = new Known(recording);
    this.known.onLook = () => this.#look();
    this.#playing = new Playing({
      end: () => this.session?.ends ?? NOWHERE,
      slice: (after, to) => this.#recording.slice(after, to, this.#view()),
      frame: (place) => this.#load(place, true),
      take: (line) => this.#take(line),
      taken: ({ answers, to }) => {
        if (answers !== null) takeNewer(this.market, this.own, answers);
        this.moment = to;
      },
      fail: (failure) => this.#fail(failure),
    });
  }

  /** Begin; the returned function ends it. */
  start(): () => void {
    const stop = this.known.start();
    return () => {
      this.isPlaying = false;
      stop();
    };
  }

  /** The session that is shown. */
  get session(): SessionShown | null {
    return sessionOf(this.sessions, this.moment?.session ?? -1);
  }

  get sessions(): readonly SessionShown[] {
    return this.known.overview?.sessions ?? [];
  }

  // ---- where to look ----

  /** Show a place. While another is being loaded only the newest wish counts. */
  async show(place: Place): Promise<void> {
    this.#wish = place;
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      for (let wish = this.#next(); wish !== null; wish = this.#next()) await this.#load(wish, false);
    } catch (failure) {
      this.#fail(failure);
    } finally {
      this.#isLoading = false;
    }
  }

  #next(): Place | null {
    const wish = this.#wish;
    this.#wish = null;
    return wish;
  }

  /** Show a place that a person has picked: there is a way back. */
  jump(place: Place): void {
    this.onJump(place);
    void this.show(place);
  }

  /** Look as this team, or as everybody with null. */
  choose(team: string | null): void {
    this.team = team;
    this.#renewSoon();
  }

  /** `ms` on from here, or back, to the end of a second of the session. */
  move(ms: number): void {
    const { session } = this;
    if (session === null) return;
    const to = Math.min(endOfSecond(Math.max(this.ms + ms, session.begins.ms)), session.ends.ms);
    void this.show({ session: session.session, ms: to });
  }

  /** So many commands on from here, or back. */
  moveCommands(count: number): void {
    if (this.moment === null) return;
    const sequence = Math.max(this.moment.sequence + count, this.known.overview?.first?.sequence ?? 1);
    void this.show({ session: this.moment.session, ms: 0, sequence });
  }

  /** Show the end of this market second. */
  jumpToSecond(second: number): void {
    const place = placeOfSecond(this.sessions, second);
    if (place !== null) this.jump(place);
  }

  #renewSoon(): void {
    if (this.#renews) return;
    this.#renews = true;
    queueMicrotask(() => {
      this.#renews = false;
      if (this.moment !== null && this.#wish === null) void this.show(this.awaited ?? { ...this.moment, ms: this.ms });
    });
  }

  // ---- playing ----

  play(): void {
    if (this.isPlaying || this.moment === null) return;
    this.isPlaying = true;
    this.#playing.pause();
    requestAnimationFrame(this.#step);
  }

  pause(): void {
    this.isPlaying = false;
  }

  readonly #step = (now: number): void => {
    if (!this.isPlaying) return;
    requestAnimationFrame(this.#step);
    if (this.#isLoading) {
      this.#playing.pause();
      return;
    }
    const { ms, isAtEnd } = this.#playing.step(now, this.speed);
    this.ms = ms;
    if (isAtEnd) this.#end();
  };

  /** The next session follows; after the last one it is over, unless more of it comes. */
  #end(): void {
    const next = this.sessions.find(({ session }) => session === (this.moment?.session ?? 0) + 1);
    if (next !== undefined) void this.show(next.begins);
    else if (this.known.overview?.state === "complete" || this.known.overview?.state === "failed") this.pause();
  }

  // ---- what is told ----

  /** `goesOn`: playing shows it; what is before it has been seen. */
  async #load(place: Place, goesOn: boolean): Promise<void> {
    const view = this.#view();
    const loaded = await load(this.#recording, place, view, this.#wanted.instruments("trades"));
    if (goesOn && this.#isLoading) return; // somewhere else is wanted by now
    const [{ moment }] = loaded;
    await this.known.choose(moment.session);
    const before = this.moment;
    this.#show(loaded, Math.max(place.session === moment.session ? place.ms : 0, moment.ms));
    this.problem = null;
    if (goesOn && before !== null) {
      this.#playing.framed(moment);
      this.#tellBetween(before, loaded);
    } else {
      this.ms = this.#toldMs;
      this.#playing.begin(moment, this.ms);
      this.beginnings.set(this.beginnings.now + 1);
      const last = this.known.overview?.last;
      this.awaited = last != null && isBeyond(place, last) ? place : null;
    }
  }

  #show(loaded: readonly [Frame, Before], ms: number): void {
    const [frame] = loaded;
    this.moment = frame.moment;
    this.#toldMs = frame.keyframe.session === frame.moment.session ? frame.keyframe.ms : 0;
    show(this.market, this.own, loaded, this.sessions, (line) => this.#takeQuietly(line));
    const end = this.session?.ends.ms ?? ms;
    this.#toldMs = Math.min(ms, Math.max(end, frame.moment.ms));
    this.onFrame();
  }

  #take(line: Line): void {
    this.#takeQuietly(line);
    const [sequence, ms] = line;
    this.moment = { session: this.moment?.session ?? 0, ms, sequence };
  }

  #takeQuietly([, ms, message]: Line): void {
    this.#toldMs = ms;
    this.market.take(message);
    this.own.take(message);
  }

  /** Charts go on with what was between two frames. */
  #tellBetween(before: Moment, [{ moment }, { trades }]: readonly [Frame, Before]): void {
    for (const [symbol, prices] of Object.entries(this.known.prices)) {
      for (const message of this.#pricesOf(symbol, prices, before.sequence, moment.sequence)) {
        this.market.listeners.tell(message);
      }
    }
    for (const lines of trades.values()) {
      for (const [sequence, , message] of lines) if (sequence > before.sequence) this.market.listeners.tell(message);
    }
  }

  /** The prices after one command up to another, as they were told. */
  *#pricesOf(symbol: string, prices: Prices, after: number, to: number): Generator<UnderlyingPrice> {
    const session = sessionOf(this.sessions, this.known.session ?? -1);
    for (let place = firstAfter(prices.sequence, after); place < prices.sequence.length; place += 1) {
      if ((prices.sequence[place] ?? 0) > to) return;
      const market_time = marketTimeAt(session, prices.ms[place] ?? 0) ?? "";
      yield { type: "underlying_price", symbol, price: prices.price[place] ?? 0, market_time, timestamp: "" };
    }
  }

  /** What a panel asks the exchange: what it would have answered then, as far as that is known. */
  #answer<R extends Route>(route: R, asked: unknown): Promise<Answer<R>> {
    const account = this.own.account.now;
    const pnl = this.own.pnl.now;
    const leaderboard = this.market.leaderboard.now;
    if (route === "GET /account" && account !== null) return done<R>({ account, as_of_seq: Infinity });
    if (route === "GET /account/pnl" && pnl !== null) return done<R>(pnl);
    if (route === "GET /leaderboard" && leaderboard !== null) return done<R>(leaderboard);
    if (route === "GET /underlyings/{symbol}") {
      const { symbol } = (asked as { path: { symbol: string } }).path;
      const points = this.known.prices[symbol];
      const told = points === undefined ? [] : this.#pricesOf(symbol, points, 0, this.moment?.sequence ?? 0);
      const prices = Array.from(told, ({ price, market_time }) => ({ price, market_time }));
      return done<R>({ symbol, prices, omitted: 0, forgotten: 0 });
    }
    const error = { code: "SERVICE_UNAVAILABLE" as const, message: "This was not recorded", details: null };
    const refused: Refused = { ok: false, status: 503, error };
    return Promise.resolve(refused);
  }

  #view(): View {
    return { team: this.team, books: this.#wanted.instruments("book") };
  }

  /** More has been read. */
  #look(): void {
    const { overview } = this.known;
    if (overview?.last == null || this.awaited === null) return;
    if (isBeyond(this.awaited, overview.last) && overview.state === "reading") return;
    void this.show(this.awaited);
  }

  #fail(failure: unknown): void {
    this.pause();
    this.problem = wordsOf(failure);
  }
}

function recordedIn(replay: Replay): Recorded {
  return {
    jump: (second) => replay.jumpToSecond(second),
    get isTeamChosen() {
      return replay.team !== null;
    },
  };
}

function done<R extends Route>(data: unknown): Promise<Answer<R>> {
  return Promise.resolve({ ok: true, data, orderId: null } as Done<never>);
}

/** The first place in what rises that is greater than `value`. */
function firstAfter(rising: readonly number[], value: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Make the page's replay known to all its panels. */
export function provideReplay(replay: Replay): void {
  provideExchange(replay);
  setContext(CONTEXT, replay);
}

/** The replay of this page; to be called while a component begins. */
export function useReplay(): Replay {
  return getContext<Replay>(CONTEXT);
}
