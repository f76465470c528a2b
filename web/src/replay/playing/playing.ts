/**
 * Playing: time goes on at a speed, and messages are taken as their time comes.
 *
 * Up to `FOLD_SPEED` every message is fetched, a little ahead, and taken. Faster than that, most of them could not be
 * seen: whole frames are shown instead, some a second, so that a day costs no more at 1000 times the speed.
 */

import type { Moment } from "../../protocol/replay";
import type { Line, Slice } from "../recording/recording";
import type { Place } from "../moments/moments";

/** Market seconds a second. */
export const SPEEDS: readonly number[] = [1, 2, 5, 10, 30, 60, 100, 300, 1000];
export const FOLD_SPEED = 60;

/** The longest that a step lasts: a page that was hidden goes on where it stopped. */
const LONGEST_STEP_MS = 250;
const FRAME_EVERY_MS = 200;
/** Wall time that is fetched ahead, and the least and the most market time at once. */
const AHEAD_MS = 2_000;
const LEAST_SLICE_MS = 4_000;
const MOST_SLICE_MS = 60_000;

/** What playing needs of the page. */
export interface Player {
  /** Where the session that is played ends, as far as it is read. */
  end(): Moment;
  slice(after: Moment, to: Place): Promise<Slice>;
  /** Show a whole frame; returns when it is shown. */
  frame(place: Place): Promise<void>;
  take(line: Line): void;
  /** All of a slice is taken. */
  taken(slice: Slice): void;
  /** A request failed. */
  fail(failure: unknown): void;
}

/** Where playing is: `isAtEnd` when all of the session that is read has been played. */
export interface Step {
  ms: number;
  isAtEnd: boolean;
}

export class Playing {
  readonly #player: Player;
  #session = 0;
  #ms = 0;
  /** All up to here is fetched; `ms` may be later than its last command. */
  #fetched: Moment = { session: 0, ms: 0, sequence: 0 };
  #slices: Slice[] = [];
  #place = 0;
  #isFetching = false;
  #isFraming = false;
  #framedAt = -Infinity;
  #last: number | null = null;
  /** Counts the places at which it began: what was fetched for another is of no use. */
  #began = 0;

  constructor(player: Player) {
    this.#player = player;
  }

  /** Go on from here: `ms` is of the same session, at or after `moment`. */
  begin(moment: Moment, ms: number): void {
    this.#began += 1;
    this.#session = moment.session;
    this.#ms = ms;
    this.#fetched = { ...moment, ms };
    this.#slices = [];
    this.#place = 0;
    this.#isFetching = false;
    this.#last = null;
  }

  /** The next step does not count the time since the last. */
  pause(): void {
    this.#last = null;
  }

  /** Go on to `now`, on the page's clock, at `speed`. */
  step(now: number, speed: number): Step {
    const passed = this.#last === null ? 0 : Math.min(now - this.#last, LONGEST_STEP_MS);
    this.#last = now;
    const end = this.#player.end();
    return speed > FOLD_SPEED
      ? this.#stepFrames(now, passed * speed, end)
      : this.#stepLines(passed * speed, speed, end);
  }

  #stepFrames(now: number, passed: number, end: Moment): Step {
    this.#ms = Math.min(this.#ms + passed, end.ms);
    const isAtEnd = this.#ms >= end.ms && this.#fetched.sequence >= end.sequence;
    if (!isAtEnd && !this.#isFraming && now - this.#framedAt >= FRAME_EVERY_MS) {
      this.#framedAt = now;
      const place = { session: this.#session, ms: this.#ms };
      this.#frame(place).catch((failure: unknown) => this.#player.fail(failure));
    }
    return { ms: this.#ms, isAtEnd };
  }

  async #frame(place: Place): Promise<void> {
    this.#isFraming = true;
    try {
      await this.#player.frame(place);
    } finally {
      this.#isFraming = false;
    }
  }

  /** A frame that playing asked for is shown: time went on meanwhile. */
  framed(moment: Moment): void {
    this.#slices = [];
    this.#place = 0;
    this.#began += 1;
    this.#isFetching = false;
    this.#fetched = moment;
  }

  #stepLines(passed: number, speed: number, end: Moment): Step {
    this.#ms = Math.min(this.#ms + passed, Math.max(this.#fetched.ms, this.#ms));
    this.#takeUpTo(this.#ms);
    const isAll = this.#fetched.sequence >= end.sequence;
    if (!this.#isFetching && !isAll && this.#fetched.ms - this.#ms < AHEAD_MS * speed) {
      this.#fetch(speed, end).catch((failure: unknown) => this.#player.fail(failure));
    }
    return { ms: this.#ms, isAtEnd: isAll && this.#slices.length === 0 && this.#ms >= this.#fetched.ms };
  }

  #takeUpTo(ms: number): void {
    for (let slice = this.#slices[0]; slice !== undefined; slice = this.#slices[0]) {
      for (let line = slice.messages[this.#place]; line !== undefined; line = slice.messages[this.#place]) {
        if (line[1] > ms) return;
        this.#player.take(line);
        this.#place += 1;
      }
      this.#slices.shift();
      this.#place = 0;
      this.#player.taken(slice);
    }
  }

  async #fetch(speed: number, end: Moment): Promise<void> {
    const began = this.#began;
    const after = this.#fetched;
    const length = Math.min(Math.max(2 * AHEAD_MS * speed, LEAST_SLICE_MS), MOST_SLICE_MS);
    const ms = Math.min(after.ms + length, end.ms);
    this.#isFetching = true;
    try {
      const slice = await this.#player.slice(after, { session: this.#session, ms });
      if (began !== this.#began) return;
      this.#slices.push(slice);
      this.#fetched = { ...slice.to, ms };
    } finally {
      if (began === this.#began) this.#isFetching = false;
    }
  }
}
