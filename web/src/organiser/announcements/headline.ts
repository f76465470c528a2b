/** A headline as it is typed, and as it is sent. */

import type { NewsRequest, Odds } from "../../protocol/messages";

export interface Typed {
  headline: string;
  category: string;
  /** Percent; null where nothing was typed. */
  odds: { [Name in keyof Odds]: number | null };
  regime: "" | "low" | "medium" | "high";
  jump: number | null;
}

export const EMPTY: Typed = {
  headline: "",
  category: "",
  odds: { regime_shift: null, price_jump: null, no_effect: null },
  regime: "",
  jump: null,
};

/** What is wrong with the odds, in words; null if nothing is. They are all given, or none. */
export function wrongOdds({ odds }: Typed): string | null {
  const given = Object.values(odds).filter((each) => each !== null);
  if (given.length === 0) return null;
  const sum = given.reduce((all, each) => all + each, 0);
  return given.length === 3 && sum === 100 ? null : "Odds are three numbers that together are 100, or none of them.";
}

/** The request's body; of what was left empty it says nothing. */
export function requestOf(typed: Typed): NewsRequest {
  const { regime_shift, price_jump, no_effect } = typed.odds;
  return {
    headline: typed.headline.trim(),
    ...(typed.category.trim() === "" ? {} : { category: typed.category.trim() }),
    ...(regime_shift === null || price_jump === null || no_effect === null
      ? {}
      : { odds: { regime_shift, price_jump, no_effect } }),
    ...(typed.regime === "" ? {} : { regime: typed.regime }),
    ...(typed.jump === null ? {} : { jump_percent: typed.jump }),
  };
}
