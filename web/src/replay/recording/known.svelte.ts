/** What there is to see, as far as it is read: sessions, teams, marks, and of one session the prices and large trades. */

import type { Mark, Replay } from "../../protocol/replay";
import { type LargestTrade, type Prices, type Recording, Unanswered } from "./recording";

const LOOK_MS = 1_000;
/** When all is read, a server may still begin to write again. */
const LOOK_COMPLETE_MS = 5_000;

export class Known {
  overview = $state.raw<Replay | null>(null);
  marks = $state.raw<readonly Mark[]>([]);
  /** The session that `prices` and `largest` are of; null before one was chosen. */
  session = $state.raw<number | null>(null);
  /** By symbol. */
  prices = $state.raw<Readonly<Record<string, Prices>>>({});
  largest = $state.raw<readonly LargestTrade[]>([]);
  /** Why nothing comes, in words that can be shown. */
  problem = $state<string | null>(null);

  /** Called after each look. */
  onLook: () => void = () => {};

  readonly #recording: Recording;
  #pricesCount = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = true;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** Look now and then; the returned function ends it. */
  start(): () => void {
    this.#ended = false;
    void this.#lookOn();
    return () => {
      this.#ended = true;
      clearTimeout(this.#timer);
    };
  }

  /** Have the prices of this session; they are there when it returns. */
  async choose(session: number): Promise<void> {
    if (this.session === session) return;
    const [prices, largest] = await Promise.all([
      this.#recording.prices(session, 0),
      this.#recording.largestTrades(session),
    ]);
    [this.session, this.prices, this.largest] = [session, prices, largest];
  }

  async #lookOn(): Promise<void> {
    try {
      await this.look();
      this.problem = null;
    } catch (failure) {
      this.problem = wordsOf(failure);
    }
    if (this.#ended) return;
    const wait = this.overview?.state === "complete" ? LOOK_COMPLETE_MS : LOOK_MS;
    this.#timer = setTimeout(() => void this.#lookOn(), wait);
  }

  /** Ask for what has been read since the last time. */
  async look(): Promise<void> {
    const overview = await this.#recording.overview();
    if (overview.marks_count > this.marks.length) {
      this.marks = [...this.marks, ...(await this.#recording.marks(this.marks.length))];
    }
    if (overview.prices_count > this.#pricesCount && this.session !== null) await this.#growPrices(this.session);
    this.#pricesCount = overview.prices_count;
    this.overview = overview;
    this.onLook();
  }

  async #growPrices(session: number): Promise<void> {
    const counts = Object.values(this.prices).map(({ ms }) => ms.length);
    const after = counts.length === 0 ? 0 : Math.min(...counts);
    const [more, largest] = await Promise.all([
      this.#recording.prices(session, after),
      this.#recording.largestTrades(session),
    ]);
    if (this.session !== session) return;
    this.prices = Object.fromEntries(
      Object.entries(more).map(([symbol, points]) => [symbol, grown(this.prices[symbol], points, after)]),
    );
    this.largest = largest;
  }
}

/** `before`, and of `more`, which begins after the first `after` points, what it has not. */
function grown(before: Prices | undefined, more: Prices, after: number): Prices {
  if (before === undefined) return more;
  const skip = before.ms.length - after;
  return {
    ms: [...before.ms, ...more.ms.slice(skip)],
    price: [...before.price, ...more.price.slice(skip)],
    sequence: [...before.sequence, ...more.sequence.slice(skip)],
  };
}

/** What went wrong, for a person; what is no answer's failure is thrown again. */
export function wordsOf(failure: unknown): string {
  if (failure instanceof Unanswered) return failure.message;
  throw failure;
}
