/** One question, asked again and again while the page is seen; the newest answer stays when one fails. */

import type { Refused } from "../../exchange/rest";
import { Cell } from "../../frames/cells.svelte";
import type { Frames } from "../../frames/frames";

/** What is asked; `ok` with data, or what went wrong. */
export type Ask<Data> = () => Promise<{ ok: true; data: Data } | Refused>;

/** An answer, and when it came, in wall time as milliseconds since 1970. */
export interface Look<Data> {
  data: Data;
  at: number;
}

/** The parts of a browser that a poll uses; tests bring others. */
export interface Surroundings {
  now(): number;
  later(run: () => void, ms: number): () => void;
  hidden(): boolean;
  /** Call `run` whenever the page is hidden or shown, until the returned function is called. */
  onSight(run: () => void): () => void;
}

/** After failures it asks less often, up to this; a server that starts again is not met by all pages at once. */
const LONGEST_WAIT_MS = 10_000;

export class Poll<Data> {
  /** The newest answer; null before the first. */
  readonly latest: Cell<Look<Data> | null>;
  /** Why the last attempt failed; null if it did not. */
  readonly trouble: Cell<Refused | null>;

  readonly #everyMs: number;
  readonly #ask: Ask<Data>;
  readonly #around: Surroundings;
  #runs = 0;
  #wait: number;
  #asking = false;
  #again = false;
  #rests = false;
  #stopLater: () => void = () => {};

  constructor(frames: Frames, everyMs: number, ask: Ask<Data>, around: Surroundings = browser()) {
    this.latest = new Cell<Look<Data> | null>(frames, null);
    this.trouble = new Cell<Refused | null>(frames, null);
    this.#everyMs = everyMs;
    this.#wait = everyMs;
    this.#ask = ask;
    this.#around = around;
  }

  /** Begin; the returned function ends it. */
  start(): () => void {
    const run = (this.#runs += 1);
    const stopWatching = this.#around.onSight(() => {
      if (this.#rests && !this.#around.hidden()) this.soon();
    });
    this.#asking = false;
    void this.#look(run);
    return () => {
      this.#runs += 1;
      this.#stopLater();
      stopWatching();
    };
  }

  /** Ask at once, as after something was done. */
  soon(): void {
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#stopLater();
    void this.#look(this.#runs);
  }

  async #look(run: number): Promise<void> {
    this.#rests = false;
    this.#asking = true;
    const answer = await this.#ask();
    if (run !== this.#runs) return;
    this.#asking = false;
    if (answer.ok) {
      this.latest.set({ data: answer.data, at: this.#around.now() });
      this.trouble.set(null);
      this.#wait = this.#everyMs;
    } else {
      this.trouble.set(answer);
      this.#wait = Math.max(this.#everyMs, Math.min(this.#wait * 2, LONGEST_WAIT_MS));
    }
    const wait = this.#again ? 0 : this.#wait;
    this.#again = false;
    this.#stopLater = this.#around.later(() => {
      if (this.#around.hidden()) this.#rests = true;
      else void this.#look(run);
    }, wait);
  }
}

/** The browser's own clock and page. */
function browser(): Surroundings {
  return {
    now: () => Date.now(),
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    hidden: () => document.hidden,
    onSight: (run) => {
      document.addEventListener("visibilitychange", run);
      return () => document.removeEventListener("visibilitychange", run);
    },
  };
}
