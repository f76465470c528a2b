/** A book kept from a snapshot and the updates after it. */

import type { BookSnapshot, BookUpdate, LevelInfo } from "../protocol/messages";

/** Levels a side that the exchange tells. */
export const BOOK_DEPTH = 20;

export type Level = LevelInfo;

/** What views see: never changed, made anew for a frame. */
export interface BookView {
  instrument_id: string;
  /** Best first. */
  bids: readonly Level[];
  asks: readonly Level[];
  timestamp: string;
}

export class Book {
  readonly #bids: Level[];
  readonly #asks: Level[];
  #seq: number;
  #timestamp: string;
  readonly #instrument: string;

  constructor(snapshot: BookSnapshot) {
    this.#instrument = snapshot.instrument_id;
    this.#bids = [...snapshot.bids];
    this.#asks = [...snapshot.asks];
    this.#seq = snapshot.book_seq;
    this.#timestamp = snapshot.timestamp;
  }

  /** Whether `update` follows on what is here; if not, the book must begin anew. */
  apply(update: BookUpdate): boolean {
    if (update.prev_book_seq !== this.#seq) return false;
    for (const level of update.bids) setLevel(this.#bids, level, (a, b) => a > b);
    for (const level of update.asks) setLevel(this.#asks, level, (a, b) => a < b);
    this.#seq = update.book_seq;
    this.#timestamp = update.timestamp;
    return true;
  }

  view(): BookView {
    return {
      instrument_id: this.#instrument,
      bids: [...this.#bids],
      asks: [...this.#asks],
      timestamp: this.#timestamp,
    };
  }
}

function setLevel(levels: Level[], level: Level, better: (a: number, b: number) => boolean): void {
  let place = 0;
  while (place < levels.length && better((levels[place] as Level).price, level.price)) place += 1;
  const isThere = levels[place]?.price === level.price;
  if (level.quantity === 0) {
    if (isThere) levels.splice(place, 1);
  } else if (isThere) levels[place] = level;
  else levels.splice(place, 0, level);
  if (levels.length > BOOK_DEPTH) levels.length = BOOK_DEPTH;
}
