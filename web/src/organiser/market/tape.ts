/** The newest trades of all instruments, with those that were busted marked. */

import type { Trade } from "../../protocol/messages";

const KEPT = 200;

export interface TapeTrade {
  trade: Trade;
  busted: boolean;
}

/** The tape once `trades`, oldest first, have come. Newest first. */
export function withTrades(tape: readonly TapeTrade[], trades: readonly Trade[]): readonly TapeTrade[] {
  const added = trades.map((trade) => ({ trade, busted: false })).reverse();
  return [...added, ...tape].slice(0, KEPT);
}

/** The tape once trades were undone. */
export function withBusted(tape: readonly TapeTrade[], ids: ReadonlySet<string>): readonly TapeTrade[] {
  return tape.map((each) => (ids.has(each.trade.trade_id) ? { ...each, busted: true } : each));
}
