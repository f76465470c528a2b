import { expect, test } from "vitest";

import { Frames } from "../frames/frames";
import type { InstrumentInfo, MarketData, NewsInfo, ServerMessage, SessionStatus } from "../protocol/messages";
import { canTrade, Market } from "./market";

const CALL: InstrumentInfo = {
  instrument_id: "SPX_CALL",
  kind: "option",
  underlying: "SPX",
  option_type: "call",
  strike: 4_500,
  expiry: "20240315",
  tick_size: 0.05,
  multiplier: 100,
  halted: false,
  status: "listed",
  settlement_price: null,
  position_limits: {},
  maximum_order_sizes: {},
};

function told(...messages: ServerMessage[]): Market {
  const market = new Market(new Frames(() => {}));
  market.takeInstruments([CALL]);
  for (const message of messages) market.take(message);
  return market;
}

const TOP: ServerMessage = {
  type: "top_of_book",
  instrument_id: "SPX_CALL",
  bid_price: 1,
  bid_quantity: 2,
  ask_price: 3,
  ask_quantity: 4,
  timestamp: "",
};

test("of an instrument that is settled nothing is kept but that it is", () => {
  const market = told(TOP);
  expect(market.tops.now("SPX_CALL")).toBeDefined();
  market.take({
    type: "settlement",
    instrument_id: "SPX_CALL",
    settlement_price: 12,
    underlying_price: 4_512,
    market_time: "2024-03-15T16:00:00-05:00",
    timestamp: "",
    sequence: 1,
  });
  expect(market.tops.now("SPX_CALL")).toBeUndefined();
  const settled = market.instruments.now("SPX_CALL");
  expect(settled).toMatchObject({ status: "settled", settlement_price: 12 });
  expect(canTrade(settled ?? CALL)).toBe(false);
  expect(canTrade(CALL)).toBe(true);
});

test("the same holds for one that was settled while nothing was heard", () => {
  const market = told(TOP);
  market.takeInstruments([{ ...CALL, status: "settled", settlement_price: 12 }]);
  expect(market.tops.now("SPX_CALL")).toBeUndefined();
});

test("a trade that is busted was none, and who listens is told", () => {
  const terms = { instrument_id: "SPX_CALL", price: 1, quantity: 1, timestamp: "" } as const;
  const trade = { ...terms, type: "trade", aggressor_side: "buy", sequence: 1 } as const;
  let publish = (): void => {};
  const market = new Market(new Frames((run) => (publish = run)));
  const busts: string[] = [];
  market.listeners.on("trade_busted", (messages) => busts.push(...messages.map(({ trade_id }) => trade_id)));
  for (const trade_id of ["TRD_1", "TRD_2"]) market.take({ ...trade, trade_id });
  market.take({ ...terms, type: "trade_busted", trade_id: "TRD_1", reason: null, sequence: 2 });
  publish();
  expect(market.tape.now("all")?.view()).toMatchObject([{ trade_id: "TRD_2" }]);
  expect(market.trades.now("SPX_CALL")?.view()).toMatchObject([{ trade_id: "TRD_2" }]);
  expect(busts).toEqual(["TRD_1"]);
});

test("a headline that was told while the others were asked for stays", () => {
  const item = { category: "", odds: { regime_shift: 0, price_jump: 0, no_effect: 100 }, market_time: "" };
  const news = (number: number): NewsInfo => ({
    ...item,
    news_id: `NEWS_${number}`,
    headline: "",
    timestamp: `2024-03-15T14:30:0${number}.000000Z`,
  });
  const market = told({ ...news(3), type: "news", sequence: 3 });
  market.takeNews([news(1), news(2)]);
  expect(market.news.now.map(({ news_id }) => news_id)).toEqual(["NEWS_3", "NEWS_2", "NEWS_1"]);
  market.takeNews([news(1), news(2), news(3)]);
  expect(market.news.now).toHaveLength(3);
});

const STATUS: SessionStatus = {
  type: "session_status",
  phase: "halted",
  previous_phase: "continuous",
  instrument_id: "SPX_CALL",
  halted: true,
  reason: "circuit_breaker",
  trading_session: 1,
  market_time: null,
  next_phase: null,
  next_at: null,
  timestamp: "",
  sequence: 1,
};

test("an instrument is halted, and trades again, as the stream or the market's state says", () => {
  const market = told(STATUS);
  expect(market.instruments.now("SPX_CALL")).toMatchObject({ halted: true, status: "halted" });
  market.take({ ...STATUS, phase: "continuous", halted: false });
  expect(market.instruments.now("SPX_CALL")).toEqual(CALL);
  market.takeMarket({ halted: ["SPX_CALL"], instrument_phases: {}, underlyings: {} } as unknown as MarketData);
  expect(market.instruments.now("SPX_CALL")?.halted).toBe(true);
});

test("what an auction would have done is forgotten with its call", () => {
  const terms = { price: 1, volume: 2, imbalance: 0, imbalance_side: null, timestamp: "" } as const;
  const market = told({ ...STATUS, instrument_id: null, phase: "pre_open", halted: false });
  market.take({ type: "auction_indicative", instrument_id: "SPX_CALL", ...terms });
  market.take({ ...STATUS, instrument_id: null, phase: "continuous", halted: false });
  expect(market.auctions.now("SPX_CALL")).toBeUndefined();
});
