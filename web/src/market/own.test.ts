import { expect, test } from "vitest";

import { Frames } from "../frames/frames";
import type {
  AccountInfo,
  ExecutionReport,
  NewOrderAck,
  PositionUpdate,
  ServerMessage,
  Welcome,
} from "../protocol/messages";
import { Own } from "./own";

const WELCOME: Welcome = {
  type: "welcome",
  session_id: "ses",
  epoch: 1,
  team_id: "TEAM_1",
  next_seq: 3,
  positions: { A: 5 },
  account: null,
  orders: [],
  heartbeat_seconds: 10,
  timestamp: "",
};

function ack(seq: number, quantity = 10): NewOrderAck {
  const terms = { client_order_id: null, instrument_id: "A", side: "buy", price: 1, time_in_force: "day" } as const;
  const common = { seq, order_id: "ORD_1", timestamp: "", sequence: seq };
  return { type: "new_order_ack", ...terms, ...common, quantity, remaining_quantity: quantity };
}

function fill(seq: number, remaining: number): ExecutionReport {
  const terms = { client_order_id: null, instrument_id: "A", side: "buy", price: 1, trade_id: `TRD_${seq}` } as const;
  return {
    type: "execution_report",
    ...terms,
    seq,
    order_id: "ORD_1",
    quantity: 1,
    cumulative_quantity: 1,
    remaining_quantity: remaining,
    average_price: 1,
    order_status: remaining === 0 ? "filled" : "partially_filled",
    liquidity_type: "maker",
    fees: 0,
    timestamp: "",
    sequence: seq,
  };
}

function told(...messages: ServerMessage[]): Own {
  const own = new Own(new Frames(() => {}));
  for (const message of messages) own.take(message);
  return own;
}

test("an order is there from its ack to its last fill", () => {
  const own = told(WELCOME, ack(3));
  own.take(fill(4, 4));
  expect(own.orders.now("ORD_1")).toMatchObject({ remaining_quantity: 4, status: "partially_filled" });
  own.take(fill(5, 0));
  expect(own.orders.now("ORD_1")).toBeUndefined();
  expect(own.fills.now("all")?.view()).toHaveLength(2);
});

test("what a resumed stream tells again is among the fills, and changes nothing else", () => {
  const own = told(WELCOME, ack(1), fill(2, 0));
  expect(own.orders.now("ORD_1")).toBeUndefined();
  expect(own.positions.now("A")?.position).toBe(5);
  expect(own.fills.now("all")?.view()).toHaveLength(1);
});

test("another welcome of the same team keeps fills; another team's keeps nothing", () => {
  const own = told(WELCOME, ack(3), fill(4, 9));
  own.take({ ...WELCOME, next_seq: 5 });
  expect(own.fills.now("all")?.view()).toHaveLength(1);
  own.take({ ...WELCOME, team_id: "TEAM_2", positions: {} });
  expect(own.fills.now("all")?.view()).toHaveLength(0);
  expect(own.positions.now("A")).toBeUndefined();
});

test("messages that are not private are left alone", () => {
  const own = told({ ...WELCOME, team_id: null }, { type: "heartbeat", seq: 9, timestamp: "" });
  expect(own.teamId.now).toBeNull();
});

test("what positions cost is taken from the answer, unless the stream has told more since", () => {
  const update = { type: "position_update", cash: 0, fees_paid: 0, timestamp: "" } as const;
  const own = told({ ...WELCOME, positions: { A: 5, B: 2 } });
  own.take({ ...update, seq: 4, instrument_id: "B", position: 3, average_price: 7, realized_pnl: 1, sequence: 1 });
  own.takePositions({
    positions: { A: 5, B: 2 },
    holdings: { A: { average_price: 3, realized_pnl: -4 }, B: { average_price: 6, realized_pnl: 0 } },
    as_of_seq: 3,
  });
  expect(own.positions.now("A")).toEqual({ instrument_id: "A", position: 5, average_price: 3, realized_pnl: -4 });
  expect(own.positions.now("B")).toMatchObject({ position: 3, average_price: 7, realized_pnl: 1 });
});

test("an account that was asked for keeps the cash that a later event told", () => {
  const account = { team_id: "TEAM_1", cash: 100, fees_paid: 1, equity: 500 } as AccountInfo;
  const own = told({ ...WELCOME, account }, {
    type: "position_update",
    seq: 4,
    instrument_id: "A",
    cash: 90,
    fees_paid: 2,
  } as PositionUpdate);
  own.takeAccount({ account: { ...account, equity: 510 }, as_of_seq: 3 });
  expect(own.account.now).toMatchObject({ cash: 90, fees_paid: 2, equity: 510 });
  own.takeAccount({ account: { ...account, cash: 80 }, as_of_seq: 4 });
  expect(own.account.now).toMatchObject({ cash: 80, fees_paid: 1, equity: 500 });
});

test("fills from before the page was opened come before those that the stream has told", () => {
  const own = told(WELCOME, ack(3), fill(4, 4));
  const { client_order_id, instrument_id, side, price, quantity, fees, timestamp } = fill(4, 4);
  const info = { client_order_id, instrument_id, side, price, quantity, fees, timestamp, liquidity_type: "maker" };
  own.takeFills([
    { ...info, trade_id: "TRD_1", order_id: "ORD_0", busted: false },
    { ...info, trade_id: "TRD_2", order_id: "ORD_0", busted: true },
    { ...info, trade_id: "TRD_4", order_id: "ORD_1", busted: false },
  ]);
  expect(
    own.fills
      .now("all")
      ?.view()
      .map(({ trade_id }) => trade_id),
  ).toEqual(["TRD_4", "TRD_1"]);
});

test("fills that the exchange names after a gap stand in its order, and busted ones go", () => {
  const own = told(WELCOME, fill(4, 4), fill(6, 0));
  const { client_order_id, instrument_id, side, price, quantity, fees, timestamp } = fill(4, 4);
  const info = { client_order_id, instrument_id, side, price, quantity, fees, timestamp, liquidity_type: "maker" };
  const order = { ...info, order_id: "ORD_1", busted: false };
  own.takeFills([
    { ...order, trade_id: "TRD_4", busted: true },
    { ...order, trade_id: "TRD_5" },
  ]);
  expect(own.fills.now("all")?.view()).toMatchObject([{ trade_id: "TRD_6" }, { trade_id: "TRD_5" }]);
});

test("a fill that the answer and the stream both tell is there once", () => {
  const own = told(WELCOME);
  const { client_order_id, instrument_id, side, price, quantity, fees, timestamp, trade_id, order_id } = fill(4, 4);
  const info = { client_order_id, instrument_id, side, price, quantity, fees, timestamp, liquidity_type: "maker" };
  own.takeFills([{ ...info, trade_id, order_id, busted: false }]);
  own.take(fill(4, 4));
  expect(own.fills.now("all")?.view()).toHaveLength(1);
});

test("a trade that is busted is no fill any more", () => {
  const own = told(WELCOME, fill(4, 4), fill(5, 0));
  const trade = { instrument_id: "A", price: 1, quantity: 1, reason: null, timestamp: "", sequence: 6 };
  own.take({ type: "trade_busted", seq: 6, trade_id: "TRD_4", ...trade });
  expect(own.fills.now("all")?.view()).toMatchObject([{ trade_id: "TRD_5" }]);
});

test("an account that was asked for before its team logged out is left alone", () => {
  const account = { team_id: "TEAM_1" } as AccountInfo;
  const own = told({ ...WELCOME, account });
  own.leave();
  own.takeAccount({ account, as_of_seq: 3 });
  expect(own.account.now).toBeNull();
});

test("the newest level of sanctions counts, whichever duty it was told with", () => {
  const state = { type: "duty_status", state: "met", measured: null, required: null, since: null } as const;
  const own = told(WELCOME);
  own.take({ ...state, seq: 3, duty: null, level: 1, timestamp: "", sequence: 3 });
  own.take({ ...state, seq: 4, duty: "quote_coverage", level: 2, timestamp: "", sequence: 4 });
  expect(own.level.now).toBe(2);
  expect(own.duties.now("quote_coverage")?.seq).toBe(4);
});
