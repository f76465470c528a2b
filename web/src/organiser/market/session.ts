/** When a session is to start, as it is chosen and as it is said. */

import type { PhaseRequest } from "../../protocol/messages";

export type Start = "now" | "next_minute" | "instant";

/** All phases, in the order of a day. */
export const PHASES: readonly PhaseRequest["phase"][] = [
  "pre_open",
  "opening_auction",
  "continuous",
  "halted",
  "reopening_call",
  "reopening_auction",
  "closed",
];

/** `at` of the request; null for at once. `instant` is a local time, as a field of type `datetime-local` gives it. */
export function startAt(start: Start, instant: string): string | null {
  if (start === "now") return null;
  return start === "next_minute" ? start : new Date(instant).toISOString();
}

export function startInWords(start: Start, instant: string): string {
  if (start === "now") return "at once";
  return start === "next_minute" ? "at the next full minute" : `on ${new Date(instant).toLocaleString()}`;
}
