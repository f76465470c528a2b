/** The market's clock: what the exchange told last, and the time since then at the session's speed. */

import { Cell } from "../frames/cells.svelte";
import type { Frames } from "../frames/frames";

interface Told {
  /** Market time in milliseconds since 1970, as told. */
  at: number;
  /** When that was, on the page's clock. */
  heard: number;
  /** The offset of the session's time zone, as in the text: `-05:00`. */
  offset: string;
}

export class MarketClock {
  readonly #told: Cell<Told | null>;
  readonly #speed: Cell<number>;
  readonly #runs: Cell<boolean>;
  readonly #now: () => number;

  constructor(frames: Frames, now: () => number = () => performance.now()) {
    this.#told = new Cell<Told | null>(frames, null);
    this.#speed = new Cell(frames, 1);
    this.#runs = new Cell(frames, false);
    this.#now = now;
  }

  /** The exchange has told its market time, ISO 8601. The clock never goes back within a session's day. */
  told(text: string): void {
    const at = Date.parse(text);
    if (!Number.isNaN(at)) this.#told.set({ at, heard: this.#now(), offset: /[+-]\d\d:\d\d$/.exec(text)?.[0] ?? "Z" });
  }

  /** Market seconds in a second of wall time. */
  setSpeed(speed: number): void {
    this.#speed.set(speed);
  }

  /** Whether market time moves between what is told. */
  run(runs: boolean): void {
    this.#runs.set(runs);
  }

  get speed(): number {
    return this.#speed.shown;
  }

  /** Market time now, in milliseconds since 1970; null before the exchange has told any. */
  read(): number | null {
    const told = this.#told.shown;
    if (told === null) return null;
    const since = this.#runs.shown ? (this.#now() - told.heard) * this.#speed.shown : 0;
    return told.at + since;
  }

  /** The time of day in the session's own time zone: `09:30:15`; empty before the exchange has told any. */
  text(): string {
    const at = this.read();
    return at === null ? "" : timeOfDay(at, this.#told.shown?.offset ?? "Z");
  }
}

/** `at`, in milliseconds since 1970, as a time of day at an offset such as `-05:00`. */
export function timeOfDay(at: number, offset: string): string {
  const parts = /^([+-])(\d\d):(\d\d)$/.exec(offset);
  const minutes = parts === null ? 0 : (parts[1] === "-" ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3]));
  return new Date(at + minutes * 60_000).toISOString().slice(11, 19);
}
