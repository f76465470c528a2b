/** Which instruments an organiser looks at, of all that the session has had. */

import type { Phase } from "../../market/market";
import type { InstrumentInfo } from "../../protocol/messages";

export type Which = "trading" | "apart" | "all";

/** Instruments whose name has `text` in it: those that trade or will, those that are halted or in a phase of their own,
 * or all. */
export function chosen(
  instruments: readonly InstrumentInfo[],
  text: string,
  which: Which,
  phaseOf: (instrumentId: string) => Phase | undefined,
): InstrumentInfo[] {
  const wanted = text.trim().toLowerCase();
  return instruments.filter((instrument) => {
    if (!instrument.instrument_id.toLowerCase().includes(wanted)) return false;
    if (which === "all") return true;
    if (isOver(instrument)) return false;
    return which === "trading" || instrument.halted || phaseOf(instrument.instrument_id) !== undefined;
  });
}

/** Whether it has expired: it does not trade again. */
export function isOver({ status }: InstrumentInfo): boolean {
  return status === "expired" || status === "settled";
}
