/** Doing what an organiser wants done: it is asked about first, then sent, and what became of it is told. */

import { getContext, setContext } from "svelte";

import type { Answer, Asked, Refused, Rest } from "../../exchange/rest";
import { Cell } from "../../frames/cells.svelte";
import type { Frames } from "../../frames/frames";
import type { Routes } from "../../protocol/routes";
import { type Deed, QUESTIONS, type Question } from "./deeds";

/** A question that is open. */
export interface Asking {
  verb: string;
  consequence: string;
  hurts: boolean;
  /** Do it; what is wrong, in words, or null once it is done. */
  perform(reason: string): Promise<string | null>;
}

/** A key that the exchange has just made. It is shown once. */
export interface MadeKey {
  team: string;
  key: string;
}

const CONTEXT = Symbol("acting");

export class Acting {
  /** What was done last. */
  readonly said: Cell<string>;
  readonly madeKey: Cell<MadeKey | null>;
  /** Set by the one view that asks: it resolves when the question is closed, done or not. */
  pose: (asking: Asking) => Promise<void> = () => Promise.resolve();

  readonly #ask: <R extends Deed>(route: R, asked: Asked<R>) => Promise<Answer<R>>;
  readonly #done: () => void;

  /** `done` is called after everything that was done, so that panels look again. */
  constructor(frames: Frames, rest: Rest, done: () => void) {
    this.said = new Cell(frames, "");
    this.madeKey = new Cell<MadeKey | null>(frames, null);
    // Every deed is asked with something, if only with its reason.
    this.#ask = (route, asked) =>
      (rest.ask as (route: Deed, asked: unknown) => Promise<never>).call(rest, route, asked);
    this.#done = done;
  }

  /** Ask about `route`, and do it if the organiser says so; whether it was done, and the answer's data. `about`: what it
   * is done to, as people call it. */
  async act<R extends Deed>(
    route: R,
    asked: Asked<R>,
    about = "",
  ): Promise<{ done: true; data: Routes[R]["data"] } | { done: false }> {
    const question: Question<R> = QUESTIONS[route];
    let result: { done: true; data: Routes[R]["data"] } | { done: false } = { done: false };
    await this.pose({
      verb: question.verb(asked),
      consequence: question.consequence(asked, about),
      hurts: question.hurts(asked),
      perform: async (reason) => {
        const answer = await this.#ask(route, withReason(asked, reason));
        if (!answer.ok) return inWords(answer);
        result = { done: true, data: answer.data };
        this.said.set(`Done: ${question.verb(asked).toLowerCase()}${about === "" ? "" : `, ${about}`}`);
        return null;
      },
    });
    if (result.done) this.#done();
    return result;
  }
}

function withReason<R extends Deed>(asked: Asked<R>, reason: string): Asked<R> {
  return reason === "" ? asked : { ...asked, body: { ...(asked.body as object | undefined), reason } };
}

/** Why it was not done: the exchange's words and their code, or that it did not answer. */
export function inWords({ status, error }: Refused): string {
  if (status === 0) return `${error.message}.`;
  return `Refused, ${error.code}: ${error.message}`;
}

export function provideActing(acting: Acting): void {
  setContext(CONTEXT, acting);
}

/** What carries out the organiser's deeds on this page; to be called while a component begins. */
export function useActing(): Acting {
  return getContext<Acting>(CONTEXT);
}
