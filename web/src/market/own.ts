/** What a team knows of itself: orders, fills, positions, account, duties, signals. A fold over its private stream. */

import { Cell, Cells } from "../frames/cells.svelte";
import type { Frames } from "../frames/frames";
import type {
  AccountData,
  AccountInfo,
  DutyStatus,
  ExecutionReport,
  FillInfo,
  OrderInfo,
  PnlData,
  PositionsData,
  PositionUpdate,
  PrivateMessage,
  ProtectionTriggered,
  ServerMessage,
  Signal,
  Welcome,
} from "../protocol/messages";
import { Recent } from "./recent";

export interface Position {
  instrument_id: string;
  position: number;
  average_price: number | null;
  realized_pnl: number;
}

/** An own fill, as the stream and `GET /fills` both tell it. */
export type Fill = Pick<ExecutionReport, keyof ExecutionReport & Exclude<keyof FillInfo, "busted">>;

const FILLS_KEPT = 500;
const SIGNALS_KEPT = 100;

const same = <Value>(value: Value): Value => value;

export class Own {
  /** Null while nobody is logged in. */
  readonly teamId: Cell<string | null>;
  /** Open orders, by id. */
  readonly orders: Cells<string, OrderInfo>;
  /** By instrument. */
  readonly positions: Cells<string, Position>;
  /** As of the last `welcome` or `GET /account`; cash and fees are kept up to date in between. */
  readonly account: Cell<AccountInfo | null>;
  /** As it was last asked for. */
  readonly pnl: Cell<PnlData | null>;
  /** Newest first. */
  readonly fills: Cells<"all", Recent<Fill>, Fill[]>;
  readonly signals: Cells<"all", Recent<Signal>, Signal[]>;
  /** The newest of each duty. */
  readonly duties: Cells<string, DutyStatus>;
  /** Of sanctions, as a change of duties or sanctions told it last; null before the first. */
  readonly level: Cell<number | null>;
  readonly protection: Cell<ProtectionTriggered | null>;

  /** The last event that the state below has; events up to it are history, told again. */
  #settledSeq = 0;
  /** The event of each instrument's newest position. */
  readonly #updatedSeq = new Map<string, number>();
  #paidSeq = 0;

  constructor(frames: Frames) {
    this.teamId = new Cell<string | null>(frames, null);
    this.orders = new Cells<string, OrderInfo>(frames, same);
    this.positions = new Cells<string, Position>(frames, same);
    this.account = new Cell<AccountInfo | null>(frames, null);
    this.pnl = new Cell<PnlData | null>(frames, null);
    this.fills = new Cells<"all", Recent<Fill>, Fill[]>(frames, (recent) => recent.view());
    this.signals = new Cells<"all", Recent<Signal>, Signal[]>(frames, (recent) => recent.view());
    this.duties = new Cells<string, DutyStatus>(frames, same);
    this.level = new Cell<number | null>(frames, null);
    this.protection = new Cell<ProtectionTriggered | null>(frames, null);
    this.#forget();
  }

  /** Take a message; public ones are left alone. */
  take(message: ServerMessage): void {
    if (message.type === "welcome") this.#greet(message);
    else if ("seq" in message && typeof message.seq === "number" && message.type !== "heartbeat") {
      this.#event(message as PrivateMessage);
    }
  }

  /** Take the answer of `GET /account`; cash and fees that a later event told stay. That of a team which has logged out
   * meanwhile is left alone. */
  takeAccount({ account, as_of_seq }: AccountData): void {
    if (account.team_id !== this.teamId.now) return;
    const before = this.account.now;
    const isNewest = before === null || as_of_seq >= this.#paidSeq;
    this.account.set(isNewest ? account : { ...account, cash: before.cash, fees_paid: before.fees_paid });
  }

  /** Take the answer of `GET /account/pnl`. */
  takePnl(pnl: PnlData): void {
    this.pnl.set(pnl);
  }

  /**
   * Take the answer of `GET /positions`: what positions cost, which `welcome` does not tell. An instrument that has
   * had an update since keeps what that says.
   */
  takePositions({ positions, holdings, as_of_seq }: PositionsData): void {
    for (const [instrument_id, holding] of Object.entries(holdings)) {
      if ((this.#updatedSeq.get(instrument_id) ?? 0) > as_of_seq) continue;
      this.positions.set(instrument_id, { instrument_id, position: positions[instrument_id] ?? 0, ...holding });
    }
  }

  /** Take the answer of `GET /fills`, oldest first; those that the stream has told since come after them. */
  takeFills(fills: readonly FillInfo[]): void {
    const answered = new Set(fills.map(nameOf));
    const told = this.fills.now("all")?.view().reverse() ?? [];
    const all = new Recent<Fill>(FILLS_KEPT);
    const stand = fills.filter(({ busted }) => !busted) as readonly Fill[];
    all.replace([...stand, ...told.filter((fill) => !answered.has(nameOf(fill)))]);
    this.fills.set("all", all);
  }

  /** Take all signals that there were, oldest first. */
  takeSignals(signals: readonly Signal[]): void {
    const all = new Recent<Signal>(SIGNALS_KEPT);
    all.replace(signals);
    this.signals.set("all", all);
  }

  /** Nobody is logged in any more. */
  leave(): void {
    this.teamId.set(null);
    this.#forget();
  }

  #forget(): void {
    this.orders.clear();
    this.positions.clear();
    this.duties.clear();
    this.level.set(null);
    this.account.set(null);
    this.pnl.set(null);
    this.protection.set(null);
    this.fills.set("all", new Recent<Fill>(FILLS_KEPT));
    this.signals.set("all", new Recent<Signal>(SIGNALS_KEPT));
    this.#settledSeq = 0;
    this.#updatedSeq.clear();
    this.#paidSeq = 0;
  }

  #greet(welcome: Welcome): void {
    if (welcome.team_id === null) return;
    if (welcome.team_id !== this.teamId.now) this.#forget();
    this.teamId.set(welcome.team_id);
    this.#settledSeq = (welcome.next_seq ?? 1) - 1;
    this.orders.clear();
    for (const order of welcome.orders ?? []) this.orders.set(order.order_id, order);
    for (const [instrument_id, position] of Object.entries(welcome.positions ?? {})) {
      const known = this.positions.now(instrument_id);
      const before = known ?? { instrument_id, average_price: null, realized_pnl: 0 };
      this.positions.set(instrument_id, { ...before, position });
    }
    this.account.set(welcome.account);
  }

  #event(event: PrivateMessage): void {
    // What a resumed stream tells again is in the state of `welcome`, but not among the fills.
    const isNews = event.seq === undefined || event.seq > this.#settledSeq;
    switch (event.type) {
      case "execution_report":
        this.#addFill(event);
        if (isNews) this.#fill(event);
        break;
      case "signal":
        this.signals.now("all")?.add(event);
        this.signals.touch("all");
        break;
      case "duty_status":
        if (event.duty !== null) this.duties.set(event.duty, event);
        this.level.set(event.level);
        break;
      case "protection_triggered":
        this.protection.set(event);
        break;
      case "position_update":
        if (isNews) this.#position(event);
        break;
      case "new_order_ack":
        if (isNews) {
          this.orders.set(event.order_id, {
            order_id: event.order_id,
            client_order_id: event.client_order_id,
            instrument_id: event.instrument_id,
            side: event.side,
            price: event.price,
            quantity: event.quantity,
            remaining_quantity: event.remaining_quantity,
            status: "open",
            time_in_force: event.time_in_force,
            post_only: false,
            submitted_at: event.timestamp,
          });
        }
        break;
      case "order_amended": {
        const order = this.orders.now(event.order_id);
        if (isNews && order !== undefined) {
          const { price, quantity, remaining_quantity } = event;
          this.orders.set(event.order_id, { ...order, price, quantity, remaining_quantity });
        }
        break;
      }
      case "order_cancelled":
        if (isNews) this.orders.delete(event.order_id);
        break;
      case "trade_busted":
        this.fills.now("all")?.drop(({ trade_id }) => trade_id === event.trade_id);
        this.fills.touch("all");
        break;
    }
  }

  /** The answer of `GET /fills` may have told it already. */
  #addFill(report: ExecutionReport): void {
    const fills = this.fills.now("all");
    if (fills === undefined || fills.has((fill) => nameOf(fill) === nameOf(report))) return;
    fills.add(report);
    this.fills.touch("all");
  }

  #fill(report: ExecutionReport): void {
    const order = this.orders.now(report.order_id);
    if (order === undefined) return;
    if (report.remaining_quantity === 0) this.orders.delete(report.order_id);
    else {
      const { remaining_quantity, order_status: status } = report;
      this.orders.set(report.order_id, { ...order, remaining_quantity, status });
    }
  }

  #position(update: PositionUpdate): void {
    const { instrument_id, position, average_price, realized_pnl } = update;
    this.positions.set(instrument_id, { instrument_id, position, average_price, realized_pnl });
    this.#updatedSeq.set(instrument_id, update.seq);
    this.#paidSeq = update.seq;
    const account = this.account.now;
    if (account !== null) this.account.set({ ...account, cash: update.cash, fees_paid: update.fees_paid });
  }
}

/** One trade fills two orders, and both may be the team's. */
function nameOf({ trade_id, order_id }: Pick<Fill, "trade_id" | "order_id">): string {
  return `${trade_id} ${order_id}`;
}
