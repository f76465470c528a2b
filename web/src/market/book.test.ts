import { expect, test } from "vitest";

import type { BookSnapshot, BookUpdate } from "../protocol/messages";
import { Book, BOOK_DEPTH, type Level } from "./book";

const level = (price: number, quantity: number): Level => ({ price, quantity });

function snapshot(bids: Level[], asks: Level[]): BookSnapshot {
  return { type: "book_snapshot", instrument_id: "A", book_seq: 1, bids, asks, checksum: 0, timestamp: "" };
}

function update(seq: number, bids: Level[], asks: Level[]): BookUpdate {
  const rest = { checksum: 0, timestamp: "", sequence: 0 };
  return { type: "book_update", instrument_id: "A", book_seq: seq, prev_book_seq: seq - 1, bids, asks, ...rest };
}

test("levels are set, added in their place and removed", () => {
  const book = new Book(snapshot([level(10, 1), level(8, 2)], [level(11, 3)]));
  expect(book.apply(update(2, [level(9, 5), level(8, 0)], [level(11, 4), level(10.5, 1)]))).toBe(true);
  expect(book.view()).toMatchObject({
    bids: [level(10, 1), level(9, 5)],
    asks: [level(10.5, 1), level(11, 4)],
  });
});

test("an update that does not follow is refused", () => {
  const book = new Book(snapshot([], []));
  expect(book.apply(update(3, [level(9, 5)], []))).toBe(false);
  expect(book.view().bids).toEqual([]);
});

test("what falls off the best levels is forgotten, and what was shown stays as it was", () => {
  const bids = Array.from({ length: BOOK_DEPTH }, (_, place) => level(100 - place, 1));
  const book = new Book(snapshot(bids, []));
  const before = book.view();
  book.apply(update(2, [level(101, 1)], []));
  expect(book.view().bids).toHaveLength(BOOK_DEPTH);
  expect(book.view().bids[0]).toEqual(level(101, 1));
  expect(before.bids[0]).toEqual(level(100, 1));
});
