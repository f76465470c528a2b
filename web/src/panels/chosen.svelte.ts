/** What the trader looks at: one instrument, which the ladder trades and the charts are about. */

import { getContext, setContext } from "svelte";

import type { InstrumentInfo } from "../protocol/messages";

/** A price that was picked, for the ticket to begin with. */
export interface Picked {
  side: "buy" | "sell";
  price: number;
}

const CONTEXT = Symbol("chosen");

export class Chosen {
  /** Null until an instrument is listed. */
  instrument = $state.raw<InstrumentInfo | null>(null);
  picked = $state.raw<Picked | null>(null);

  /** Look at `instrument`; with a price, the ticket is filled with it. */
  choose(instrument: InstrumentInfo, picked: Picked | null = null): void {
    this.instrument = instrument;
    this.picked = picked;
  }
}

export function provideChosen(): Chosen {
  return setContext(CONTEXT, new Chosen());
}

/** The choice of this page; to be called while a component begins. */
export function useChosen(): Chosen {
  return getContext<Chosen>(CONTEXT);
}
