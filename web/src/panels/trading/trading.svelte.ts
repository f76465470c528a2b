/** What the trader does by hand: orders with a size and terms that are kept, confirmed first unless that is switched off. */

import { getContext, setContext } from "svelte";

import type { Exchange } from "../../exchange/exchange";
import type { Refused } from "../../exchange/rest";
import { price, quantity } from "../../parts/format";
import type { InstrumentInfo, OrderInfo } from "../../protocol/messages";

export type Side = "buy" | "sell";
export type TimeInForce = "day" | "ioc" | "fok";

/** A verdict in words, newest first in `Trading.verdicts`. */
export interface Verdict {
  number: number;
  text: string;
  isRefused: boolean;
}

/** What is about to be done, in words; `confirm` asks a person. */
export type Confirm = (question: string, action: string) => Promise<boolean>;

const CONTEXT = Symbol("trading");
const CONFIRMS = "openoutcry.confirms-orders";
const VERDICTS_KEPT = 20;

export class Trading {
  quantity = $state(1);
  timeInForce = $state<TimeInForce>("day");
  postOnly = $state(false);
  verdicts = $state.raw<readonly Verdict[]>([]);

  /** Set by the page's dialog. */
  confirm: Confirm = () => Promise.resolve(true);

  readonly #exchange: Exchange;
  #confirms = $state(localStorage.getItem(CONFIRMS) !== "no");
  #number = 0;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Whether a person is asked before an order leaves; kept for the next visit. */
  get confirms(): boolean {
    return this.#confirms;
  }

  set confirms(yes: boolean) {
    this.#confirms = yes;
    localStorage.setItem(CONFIRMS, yes ? "yes" : "no");
  }

  /** Enter an order of the kept size and terms; without a price, a market order. */
  async place(instrument: InstrumentInfo, side: Side, at: number | null): Promise<void> {
    const { instrument_id } = instrument;
    const limit = at === null ? "at any price" : `at ${price(at, instrument.tick_size)}`;
    const text = `${side} ${quantity(this.quantity)} ${instrument_id} ${limit}`;
    const asked = at === null ? `${text}?` : `${text}, ${this.timeInForce}?`;
    if (!(await this.#isWanted(asked, side === "buy" ? "Buy" : "Sell"))) return;
    const terms = at === null ? { order_type: "market" as const } : { price: at, time_in_force: this.timeInForce };
    const answer = await this.#exchange.rest.ask("POST /orders", {
      body: {
        instrument_id,
        side,
        quantity: this.quantity,
        ...terms,
        ...(this.postOnly && at !== null ? { post_only: true } : {}),
      },
    });
    this.#say(text, answer);
  }

  /** Move open orders to another price. */
  async amend(orders: readonly OrderInfo[], to: number, tickSize: number): Promise<void> {
    const moved = orders.filter((order) => order.price !== to);
    if (moved.length === 0) return;
    const text = `move ${namesOf(moved)} to ${price(to, tickSize)}`;
    if (!(await this.#isWanted(`${text}?`, "Move"))) return;
    await Promise.all(
      moved.map(async ({ order_id }) => {
        const answer = await this.#exchange.rest.ask("PATCH /orders/{order_id}", {
          path: { order_id },
          body: { price: to },
        });
        this.#say(`move ${order_id} to ${price(to, tickSize)}`, answer);
      }),
    );
  }

  /** Cancel open orders. It is not asked first: cancelling is the safe way out. */
  async cancel(orders: readonly OrderInfo[]): Promise<void> {
    await Promise.all(
      orders.map(async ({ order_id }) => {
        const answer = await this.#exchange.rest.ask("DELETE /orders/{order_id}", { path: { order_id } });
        this.#say(`cancel ${order_id}`, answer);
      }),
    );
  }

  /** Cancel all open orders of the team, or all in one instrument. */
  async cancelAll(instrumentId?: string): Promise<void> {
    const query = instrumentId === undefined ? {} : { instrument_id: instrumentId };
    const answer = await this.#exchange.rest.ask("DELETE /orders", { query });
    this.#say(`cancel all${instrumentId === undefined ? "" : ` in ${instrumentId}`}`, answer);
  }

  /** Another team begins without the verdicts of the last. */
  begin(): void {
    this.verdicts = [];
  }

  #isWanted(question: string, action: string): Promise<boolean> {
    return this.#confirms ? this.confirm(question, action) : Promise.resolve(true);
  }

  #say(what: string, answer: { ok: true } | Refused): void {
    this.#number += 1;
    const verdict = { number: this.#number, text: `${what}: ${told(answer)}`, isRefused: !answer.ok };
    this.verdicts = [verdict, ...this.verdicts].slice(0, VERDICTS_KEPT);
  }
}

function told(answer: { ok: true } | Refused): string {
  if (answer.ok) return "accepted";
  return `${answer.status === 0 ? "no answer" : "refused"}. ${answer.error.message}`;
}

function namesOf(orders: readonly OrderInfo[]): string {
  return orders.length === 1 ? (orders[0] as OrderInfo).order_id : `${orders.length} orders`;
}

export function provideTrading(exchange: Exchange): Trading {
  return setContext(CONTEXT, new Trading(exchange));
}

/** The trading of this page; to be called while a component begins. */
export function useTrading(): Trading {
  return getContext<Trading>(CONTEXT);
}

/** The same, or null where nothing can be traded, as in a recorded session. */
export function findTrading(): Trading | null {
  return getContext<Trading | undefined>(CONTEXT) ?? null;
}
