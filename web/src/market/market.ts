/**
 * What everybody may know: instruments, phases, books, trades, Greeks, news, scores.
 *
 * It is a fold over public messages and does not know where they come from: the stream, or a recorded session.
 */

import { Cell, Cells } from "../frames/cells.svelte";
import { Frames } from "../frames/frames";
import type {
  Announcement,
  AuctionIndicative,
  Greeks,
  InstrumentInfo,
  Leaderboard,
  LeaderboardData,
  MarketData,
  NewsInfo,
  ServerMessage,
  SessionStatus,
  TopOfBook,
  Trade,
  UnderlyingPrice,
} from "../protocol/messages";
import { Book, type BookView } from "./book";
import { MarketClock } from "./clock";
import { Listeners } from "./listeners";
import { Recent } from "./recent";
import { MarketSeconds } from "./seconds";

export type Phase = MarketData["phase"];

const AUCTIONS: readonly Phase[] = ["pre_open", "opening_auction", "reopening_call", "reopening_auction"];

/** Whether orders wait for an auction, or it is held, in this phase. */
export function isAuction(phase: Phase | undefined): boolean {
  return phase !== undefined && AUCTIONS.includes(phase);
}

/** Whether an instrument has not come to its end. */
export function canTrade({ status }: InstrumentInfo): boolean {
  return status !== "expired" && status !== "settled";
}

/** Trades kept of one instrument, and news kept. */
const TRADES_KEPT = 200;
const TAPE_KEPT = 40;
const NEWS_KEPT = 100;

/** The phase of the session, and what comes next. */
export interface Session {
  phase: Phase;
  tradingSession: number;
  nextPhase: Phase | null;
  /** Market time; null if an organiser decides. */
  nextAt: string | null;
  sessionDate: string | null;
  /** When a planned session starts, in wall time. */
  startsAt: string | null;
}

const same = <Value>(value: Value): Value => value;

export class Market {
  readonly frames: Frames;
  readonly listeners: Listeners;
  readonly clock: MarketClock;
  /** When it was what market time. */
  readonly seconds = new MarketSeconds();

  /** Null until the exchange has told it. */
  readonly session: Cell<Session | null>;
  /** Phases of the instruments that are in another one than the session. */
  readonly instrumentPhases: Cells<string, Phase>;
  readonly instruments: Cells<string, InstrumentInfo>;
  readonly tops: Cells<string, TopOfBook>;
  readonly books: Cells<string, Book, BookView>;
  readonly trades: Cells<string, Recent<Trade>, Trade[]>;
  /** Trades in anything, newest first. */
  readonly tape: Cells<"all", Recent<Trade>, Trade[]>;
  readonly greeks: Cells<string, Greeks>;
  readonly auctions: Cells<string, AuctionIndicative>;
  /** By symbol. */
  readonly underlyings: Cells<string, UnderlyingPrice>;
  /** Newest first. */
  readonly news: Cell<readonly NewsInfo[]>;
  readonly announcements: Cell<readonly Announcement[]>;
  readonly leaderboard: Cell<Leaderboard | null>;

  /** Called with an instrument whose book has a gap: it must begin anew. */
  onGap: (instrumentId: string) => void = () => {};

  /** `now`: what the market's clock goes by between what is told, in milliseconds. */
  constructor(frames: Frames = new Frames(), now?: () => number) {
    this.frames = frames;
    this.listeners = new Listeners(frames);
    this.clock = new MarketClock(frames, now);
    this.session = new Cell<Session | null>(frames, null);
    this.instrumentPhases = new Cells<string, Phase>(frames, same);
    this.instruments = new Cells<string, InstrumentInfo>(frames, same);
    this.tops = new Cells<string, TopOfBook>(frames, same);
    this.books = new Cells<string, Book, BookView>(frames, (book) => book.view());
    this.trades = new Cells<string, Recent<Trade>, Trade[]>(frames, (recent) => recent.view());
    this.tape = new Cells<"all", Recent<Trade>, Trade[]>(frames, (recent) => recent.view());
    this.greeks = new Cells<string, Greeks>(frames, same);
    this.auctions = new Cells<string, AuctionIndicative>(frames, same);
    this.underlyings = new Cells<string, UnderlyingPrice>(frames, same);
    this.news = new Cell<readonly NewsInfo[]>(frames, []);
    this.announcements = new Cell<readonly Announcement[]>(frames, []);
    this.leaderboard = new Cell<Leaderboard | null>(frames, null);
    this.tape.set("all", new Recent<Trade>(TAPE_KEPT));
  }

  /** Take the answer of `GET /market`. */
  takeMarket(data: MarketData): void {
    this.session.set({
      phase: data.phase,
      tradingSession: data.trading_session,
      nextPhase: data.next_phase,
      nextAt: data.next_at,
      sessionDate: data.session_date,
      startsAt: data.starts_at,
    });
    this.instrumentPhases.clear();
    for (const [instrument, phase] of Object.entries(data.instrument_phases)) {
      this.instrumentPhases.set(instrument, phase);
    }
    const halted = new Set(data.halted);
    for (const { instrument_id } of [...this.instruments.all()]) this.#halt(instrument_id, halted.has(instrument_id));
    this.clock.setSpeed(data.speed);
    this.clock.told(data.market_time);
    this.clock.run(data.phase !== "closed");
    for (const [symbol, price] of Object.entries(data.underlyings)) {
      if (this.underlyings.now(symbol) !== undefined) continue;
      const { market_time } = data;
      this.underlyings.set(symbol, { type: "underlying_price", symbol, price, market_time, timestamp: market_time });
    }
  }

  /** Take the answer of `GET /instruments`. */
  takeInstruments(instruments: readonly InstrumentInfo[]): void {
    for (const instrument of instruments) {
      this.instruments.set(instrument.instrument_id, instrument);
      if (instrument.status === "settled") this.#forget(instrument.instrument_id);
    }
  }

  /** Take the answer of `GET /news`, oldest first; what the stream has told since stays before it. */
  takeNews(news: readonly NewsInfo[]): void {
    const answered = new Set(news.map(({ news_id }) => news_id));
    const newest = news.at(-1)?.timestamp ?? "";
    const since = this.news.now.filter(({ news_id, timestamp }) => !answered.has(news_id) && timestamp > newest);
    this.news.set([...since, ...news.toReversed()].slice(0, NEWS_KEPT));
  }

  /** Take the answer of `GET /leaderboard`; before the first score there is nothing to take. */
  takeLeaderboard(data: LeaderboardData): void {
    const { as_of, session_date } = data;
    if (as_of === null || session_date === null) return;
    this.leaderboard.set({ type: "leaderboard", ...data, as_of, session_date, timestamp: as_of });
  }

  /** Take the trades that an instrument has had, oldest first. */
  takeTrades(instrumentId: string, trades: readonly Omit<Trade, "type" | "sequence">[]): void {
    const recent = new Recent<Trade>(TRADES_KEPT);
    recent.replace(trades.map((trade) => ({ ...trade, type: "trade" as const, sequence: 0 })));
    this.trades.set(instrumentId, recent);
  }

  /** Take the newest trades in anything, oldest first. */
  takeTape(trades: readonly Trade[]): void {
    const recent = new Recent<Trade>(TAPE_KEPT);
    recent.replace(trades);
    this.tape.set("all", recent);
  }

  /** Take a message of the stream; those that are not public are left alone. */
  take(message: ServerMessage): void {
    switch (message.type) {
      case "top_of_book":
        this.tops.set(message.instrument_id, message);
        break;
      case "book_snapshot":
        this.books.set(message.instrument_id, new Book(message));
        break;
      case "book_update":
        if (this.books.now(message.instrument_id)?.apply(message)) this.books.touch(message.instrument_id);
        else this.onGap(message.instrument_id);
        break;
      case "trade":
        this.#trade(message);
        break;
      case "trade_busted":
        this.#bust(message.trade_id, message.instrument_id);
        break;
      case "greeks":
        this.greeks.set(message.instrument_id, message);
        break;
      case "underlying_price":
        this.underlyings.set(message.symbol, message);
        this.seconds.hear(message);
        this.clock.told(message.market_time);
        break;
      case "auction_indicative":
        this.auctions.set(message.instrument_id, message);
        break;
      case "session_status":
        this.#phase(message);
        break;
      case "news":
        if (!this.news.now.some((each) => each.news_id === message.news_id)) {
          this.news.set([message, ...this.news.now].slice(0, NEWS_KEPT));
        }
        break;
      case "announcement":
        if (!this.announcements.now.some((each) => each.sequence === message.sequence)) {
          this.announcements.set([message, ...this.announcements.now].slice(0, NEWS_KEPT));
        }
        break;
      case "leaderboard":
        this.leaderboard.set(message);
        break;
      case "instrument_listed":
        this.takeInstruments([message.instrument]);
        break;
      case "instrument_expired":
        this.#instrument(message.instrument_id, { status: "expired" });
        break;
      case "settlement":
        this.#instrument(message.instrument_id, { status: "settled", settlement_price: message.settlement_price });
        this.#forget(message.instrument_id);
        break;
      default:
        return;
    }
    this.listeners.tell(message);
  }

  /** Forget what may have gaps: books begin with a snapshot again. */
  beginAnew(): void {
    this.books.clear();
  }

  /** Forget everything but when it was what market time, which stays true. */
  forget(): void {
    const { tops, books, trades, greeks, auctions, instrumentPhases, instruments, underlyings } = this;
    for (const cells of [tops, books, trades, greeks, auctions, instrumentPhases, instruments, underlyings]) {
      cells.clear();
    }
    this.takeTape([]);
    this.session.set(null);
    this.news.set([]);
    this.announcements.set([]);
    this.leaderboard.set(null);
  }

  /** Keep nothing of the market in an instrument that is settled: sessions go on for days, and list others. */
  #forget(instrumentId: string): void {
    for (const cells of [this.tops, this.books, this.trades, this.greeks, this.auctions, this.instrumentPhases]) {
      cells.delete(instrumentId);
    }
  }

  #trade(trade: Trade): void {
    this.tape.now("all")?.add(trade);
    this.tape.touch("all");
    const recent = this.trades.now(trade.instrument_id);
    if (recent !== undefined) {
      recent.add(trade);
      this.trades.touch(trade.instrument_id);
      return;
    }
    const first = new Recent<Trade>(TRADES_KEPT);
    first.add(trade);
    this.trades.set(trade.instrument_id, first);
  }

  #bust(tradeId: string, instrumentId: string): void {
    const isIt = ({ trade_id }: Trade): boolean => trade_id === tradeId;
    this.tape.now("all")?.drop(isIt);
    this.tape.touch("all");
    const recent = this.trades.now(instrumentId);
    if (recent === undefined) return;
    recent.drop(isIt);
    this.trades.touch(instrumentId);
  }

  #phase(status: SessionStatus): void {
    if (status.market_time !== null) this.clock.told(status.market_time);
    if (status.instrument_id !== null) {
      if (!isAuction(status.phase)) this.auctions.delete(status.instrument_id);
      this.#halt(status.instrument_id, status.halted && status.phase !== this.session.now?.phase);
      if (status.phase === this.session.now?.phase) this.instrumentPhases.delete(status.instrument_id);
      else this.instrumentPhases.set(status.instrument_id, status.phase);
      return;
    }
    if (!isAuction(status.phase)) this.#endAuctions();
    this.clock.run(status.phase !== "closed");
    const before = this.session.now;
    this.session.set({
      phase: status.phase,
      tradingSession: status.trading_session,
      nextPhase: status.next_phase,
      nextAt: status.next_at,
      sessionDate: before?.sessionDate ?? null,
      startsAt: status.phase === "closed" ? (before?.startsAt ?? null) : null,
    });
  }

  /** What an auction would have done is of no use to the next one; instruments in a call of their own keep theirs. */
  #endAuctions(): void {
    for (const { instrument_id } of [...this.auctions.all()]) {
      if (!isAuction(this.instrumentPhases.now(instrument_id))) this.auctions.delete(instrument_id);
    }
  }

  #halt(instrumentId: string, halted: boolean): void {
    const before = this.instruments.now(instrumentId);
    if (before === undefined || !canTrade(before) || before.halted === halted) return;
    this.#instrument(instrumentId, { halted, status: halted ? "halted" : "listed" });
  }

  #instrument(instrumentId: string, change: Partial<InstrumentInfo>): void {
    const before = this.instruments.now(instrumentId);
    if (before !== undefined) this.instruments.set(instrumentId, { ...before, ...change });
  }
}
