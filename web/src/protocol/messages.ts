// Written by web/write_types.py from the exchange's own documents. Do not edit.

export interface AccountData {
  /** Money, limits, and how much of them is used. */
  account: AccountInfo;
  /** The last event of the team's private stream that this reflects; 0 before the first. */
  as_of_seq: number;
}

/**
 * Money in currency. `unrealized_pnl` is at marks; in a scenario without pricing at the median of best bid, best
 * ask and last trade, those that exist, else 0.
 */
export interface AccountInfo {
  /** The team's id. */
  team_id: string;
  /** The team's name. */
  team_name: string;
  /** The team's role, which sets its fees, limits and rates. */
  role: string;
  /** Whether the organiser has suspended the team: its commands are refused. */
  suspended: boolean;
  /** The account's cash in currency. */
  cash: number;
  /** Profit and loss of closed positions in all instruments, in currency, before fees. */
  realized_pnl: number;
  /** Profit and loss of open positions, in currency, at marks: the theoretical values of a scenario with pricing; without pricing the median of best bid, best ask and last trade, those that exist, else cost. */
  unrealized_pnl: number;
  /** All fees of the account less its rebates, in currency. */
  fees_paid: number;
  /** Number of the team's open orders. */
  open_orders: number;
  /** The most open orders that the team may have. */
  maximum_open_orders: number;
  /** The largest quantity of one order. */
  maximum_order_size: number;
  /** The sum over all options of the worst case, working orders included. */
  total_option_exposure: number;
  /** The limit on `total_option_exposure`. */
  total_option_exposure_limit: number;
  /** How much of each instrument's position limit is used, by symbol. */
  exposure: Record<string, ExposureInfo>;
  /** Whether the role may use `PUT /quotes`. */
  may_quote: boolean;
  /** Whether the role may have orders on both sides of a book. */
  may_rest_both_sides: boolean;
  /** The delta of all positions, in contracts of the index, at the newest theoretical values. */
  delta: number;
  /** The limits on the whole account, by name; those on one instrument stand in `exposure`. */
  limits: Record<string, LimitInfo>;
  /** The duties of the team's role, as they were last found. */
  duties: DutyInfo[];
  /** The team's place on the ladder of sanctions. */
  sanctions: SanctionsInfo;
  /** Whether the team may only enter orders that make its positions smaller. */
  reduce_only: boolean;
  /** Cash and all positions at their theoretical values, in currency. */
  equity: number;
  /** What equity must cover, in currency: the loss in the worst scenario; null if the exchange does not check it. */
  requirement: number | null;
  /** How many requests pass, by their kind: `orders`, `cancels`, `reads`. */
  rates: Record<string, RateInfo>;
}

/** The answer to a client message that was carried out. */
export interface Ack {
  /** The message's name. */
  type: "ack";
  /** What the client asks for, or what is answered. */
  op: string;
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id?: string | null;
  /** The channels that were subscribed or unsubscribed; null in any other answer. */
  channels?: string[] | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/** What an organiser did, or tried to do. `terms`: the command's, by name. */
export interface ActionInfo {
  /** The sequence number of the command. */
  sequence: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The command's name, such as `halt_instrument`. */
  action: string;
  /** What the command was about: its fields by name. */
  terms: Record<string, unknown>;
  /** Who gave it, from the header `X-Admin-Name`; null if it was not told. */
  by: string | null;
  /** The reason given; null if there was none. */
  reason: string | null;
  /** Why it was refused; null if it was carried out. */
  error: ApiError | null;
}

/**
 * Oldest first. `omitted`: how many come after these; ask again with the last one's `sequence` as `after`.
 *
 * `forgotten`: how many older ones are no longer kept; they are in the journal.
 */
export interface ActionsData {
  /** What the organisers did, oldest first. */
  actions: ActionInfo[];
  /** How many more come after these; ask again with `after`. */
  omitted: number;
  /** How many older entries are no longer kept. */
  forgotten: number;
}

export interface AmendData {
  /** Whether the order kept its place in the queue: the price is the same and the quantity is not larger. */
  kept_priority: boolean;
}

/** New terms of an order; at least one. `quantity` is the new total, filled part included. Null: stays as it is. */
export interface AmendRequest {
  quantity?: number | null;
  price?: number | null;
  request_id?: string | null;
}

export interface AnnounceRequest {
  /** 1 to 1000 characters in one line. */
  text: string;
  reason?: string | null;
  request_id?: string | null;
}

/** An organiser's words to everybody. */
export interface Announcement {
  /** The message's name. */
  type: "announcement";
  /** What the organiser says. */
  text: string;
  /** The market's clock, ISO 8601. */
  market_time: string;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

export interface ApiError {
  /** The reason as a fixed word, for programs. */
  code: ErrorCode;
  /** The reason in words: the rule, and what is allowed. */
  message: string;
  /** What the code depends on: the field, the limit, the nearest value that is allowed. */
  details: Record<string, unknown> | null;
}

/**
 * What an auction would do now: price and volume, and what would be left. A null price: nothing would trade.
 *
 * At most four a second of one instrument, always the newest.
 */
export interface AuctionIndicative {
  /** The message's name. */
  type: "auction_indicative";
  /** The instrument's symbol. */
  instrument_id: string;
  /** Currency per unit; null for a market order. */
  price: number | null;
  /** What would trade at that price. */
  volume: number;
  /** What would be left over at that price, of those who accept it. */
  imbalance: number;
  /** Whose side that is; null if nothing would be left. */
  imbalance_side: "buy" | "sell" | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

export interface BatchData {
  /** The result of each, in the order of the request. */
  results: ApiResponse<DuplicateData>[];
}

/** Orders that are submitted one after the other; not atomic. */
export interface BatchRequest {
  /** Orders, oldest first; closed ones newest first. */
  orders: OrderRequest[];
  request_id?: string | null;
}

/** The best levels, best first, as of `book_seq`. Replaces the reader's copy of this book. */
export interface BookSnapshot {
  /** The message's name. */
  type: "book_snapshot";
  /** The instrument's symbol. */
  instrument_id: string;
  /** The book's own counter: one more with each change of its 20 best levels a side. Not the private `seq`. */
  book_seq: number;
  /** Levels of the buy side, best first. */
  bids: LevelInfo[];
  /** Levels of the sell side, best first. */
  asks: LevelInfo[];
  /** CRC-32 of the book's ten best asks, then its ten best bids, after this message, best first: of each level the price in ticks (price / tick_size, rounded), then the quantity, in decimal, with nothing between them. */
  checksum: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/** Changed levels among the best; absolute quantities, 0 removes. After applying, keep the best 20 a side. */
export interface BookUpdate {
  /** The message's name. */
  type: "book_update";
  /** The instrument's symbol. */
  instrument_id: string;
  /** The book's own counter: one more with each change of its 20 best levels a side. Not the private `seq`. */
  book_seq: number;
  /** The `book_seq` that this change follows. If the reader has another, it has missed one: subscribe again. */
  prev_book_seq: number;
  /** Changed levels of the buy side; the quantity is the new one, 0 removes the level. */
  bids: LevelInfo[];
  /** Changed levels of the sell side; the quantity is the new one, 0 removes the level. */
  asks: LevelInfo[];
  /** CRC-32 of the book's ten best asks, then its ten best bids, after this message, best first: of each level the price in ticks (price / tick_size, rounded), then the quantity, in decimal, with nothing between them. */
  checksum: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** The trade that was busted. */
export interface BustedData {
  /** The id of the trade, the same for both sides, never used again. */
  trade_id: string;
  /** The instrument's symbol. */
  instrument_id: string;
  /** Currency per unit. */
  price: number;
  /** Contracts or lots that had been traded. */
  quantity: number;
}

/** When all of the team's orders will be cancelled unless the timer is renewed; null: it is off. */
export interface CancelAfterData {
  /** When all orders are cancelled unless the timer is renewed: ISO 8601 UTC; null when it is off. */
  cancel_at: string | null;
}

/** Set or renew the dead-man timer; 0 switches it off. */
export interface CancelAfterRequest {
  /** Seconds until all orders are cancelled; 0 switches the timer off. */
  seconds: number;
  request_id?: string | null;
}

/**
 * Cancel all of the team's orders `grace_seconds` after this connection is lost; with `enabled` false, do not.
 *
 * Enabling it stops the grace of an earlier connection of the team that was lost.
 */
export interface CancelOnDisconnect {
  /** What the client asks for, or what is answered. */
  op: "cancel_on_disconnect";
  /** True: cancel the team's orders when this connection is lost. False: do not. */
  enabled: boolean;
  /** Seconds after the loss of the connection at which the orders are cancelled, unless the bot is back by then. */
  grace_seconds?: number;
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id?: string | null;
}

/** Why an order left the book with quantity unfilled. */
export type CancelReason = "cancel_after" | "cancel_on_disconnect" | "fok_not_fillable" | "instrument_expired" | "insufficient_cash" | "ioc_remainder" | "market_maker_protection" | "market_remainder" | "mass_cancel" | "quote_replaced" | "reduce_only" | "self_trade_prevention" | "session_close" | "team_suspended" | "user_requested";

export interface CancelledData {
  /** Ids of the orders that were cancelled. */
  cancelled: string[];
}

/**
 * One of the things that a score consists of. `points` is `share` times `of`, but for `sanctions`, which only take.
 * The points of all components add up to the score.
 */
export interface ComponentInfo {
  /** The component's name. */
  name: "convergence" | "coverage" | "drawdown" | "duties" | "edge" | "hedging" | "inventory" | "pnl" | "response" | "sanctions" | "shift" | "worst_minutes";
  /** `role`, `compliance` or `risk`: which points it is a part of. */
  section: "compliance" | "risk" | "role";
  /** What was measured: currency, a fraction or a number. */
  value: number;
  /** From 0 to 1: the standing among the active teams of the role, or what the value alone gives. */
  share: number;
  /** What it gives: `share` times `of`; for `sanctions` what they take. */
  points: number;
  /** The most points that it can give. */
  of: number;
}

/** Register a team for somebody else. `owner` groups teams of one person or group. */
export interface CreateTeamRequest {
  /** 1 to 64 characters; single spaces between words and none at either end; no control, formatting or invisible characters. */
  team_name: string;
  /** The team's role, which sets its fees, limits and rates. */
  role: string;
  owner?: string | null;
  nonce?: string | null;
  reason?: string | null;
  request_id?: string | null;
}

/** Beside an `order_id` that was given before, for the same client order id and terms. */
export interface DuplicateData {
  /** True: an order with this client order id and these terms was accepted before; nothing was submitted. */
  duplicate: boolean;
}

/** A duty of the role as it was last found; `measured` and `required` are a share, or contracts of the index. */
export interface DutyInfo {
  /** The duty: `quote_coverage`, `portfolio_delta` or `spx_spy_balance`. */
  duty: "portfolio_delta" | "quote_coverage" | "spx_spy_balance";
  /** `met`; `breached`; or `exempt`: seconds do not count now, such as in a halt, just after news, or while the team is reduce-only. */
  state: "breached" | "exempt" | "met";
  /** What was measured last: a share, or contracts of the index; null if nothing was. */
  measured: number | null;
  /** The least share that is covered, or the most of the others. */
  required: number;
  /** Market time at which the state began; null before the first. */
  since: string | null;
}

/**
 * A duty of the role is in another state, or the team at another level of sanctions.
 *
 * `duty` null: the role has no duty, and only the level has changed. `measured` and `required` are a share, or
 * contracts of the index.
 */
export interface DutyStatus {
  /** The message's name. */
  type: "duty_status";
  /** The event's place in the team's private stream: from 1, without a gap. To resume, send the last one as `after_seq`. */
  seq: number;
  /** The duty: `quote_coverage`, `portfolio_delta`, `spx_spy_balance`; null: the role has none. */
  duty: "portfolio_delta" | "quote_coverage" | "spx_spy_balance" | null;
  /** `met`; `breached`; or `exempt`: seconds do not count now, such as in a halt, just after news, or while the team is reduce-only. */
  state: "breached" | "exempt" | "met";
  /** What was measured last: a share, or contracts of the index; null if nothing was. */
  measured: number | null;
  /** The least share that is covered, or the most of the others. */
  required: number | null;
  /** Market time at which the state began; null before the first. */
  since: string | null;
  /** The team's level of sanctions now: 0 none, 1 warned, 2 points off, 3 reduce-only. */
  level: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** Codes of `error.code`. The HTTP status of each is in `protocol.errors`. */
export type ErrorCode = "AMEND_FAILED" | "BUST_FAILED" | "CANCEL_FAILED" | "CLIENT_ORDER_ID_LIMIT" | "DELTA_LIMIT_EXCEEDED" | "DUPLICATE_CLIENT_ORDER_ID" | "DUPLICATE_TEAM_NAME" | "INSTRUMENT_EXPIRED" | "INSTRUMENT_HALTED" | "INSUFFICIENT_CASH" | "INTERNAL_ERROR" | "INVALID_INSTRUMENT" | "INVALID_PRICE" | "INVALID_QUANTITY" | "INVALID_SIDE" | "INVALID_TIME_IN_FORCE" | "JOIN_CODE_INVALID" | "MALFORMED_REQUEST" | "MARKET_CLOSED" | "METHOD_NOT_ALLOWED" | "MISSING_PRICE" | "NO_SCORES" | "OPEN_ORDER_LIMIT_EXCEEDED" | "ORDER_NOT_FOUND" | "ORDER_SIZE_EXCEEDED" | "ORDER_TYPE_NOT_ALLOWED" | "PAYLOAD_TOO_LARGE" | "POSITION_LIMIT_EXCEEDED" | "POST_ONLY_WOULD_TRADE" | "PRICE_OUT_OF_BAND" | "PROCESSING_TIMEOUT" | "QUOTES_FROZEN" | "RATE_LIMIT_EXCEEDED" | "REDUCE_ONLY" | "ROLE_NOT_PERMITTED" | "ROUTE_NOT_FOUND" | "SELF_TRADE_NOT_ALLOWED" | "SERVICE_UNAVAILABLE" | "SETTLEMENT_FAILED" | "TEAM_LIMIT" | "TEAM_NOT_FOUND" | "TEAM_SUSPENDED" | "TOTAL_POSITION_LIMIT_EXCEEDED" | "TRADE_NOT_FOUND" | "TWO_SIDED_QUOTING_NOT_ALLOWED" | "UNAUTHENTICATED" | "UNSUPPORTED_MEDIA_TYPE";

/** Trades between two owners that are in nobody's score. `value`: what they were worth to the first of the two. */
export interface ExcludedPairInfo {
  /** The two whose teams traded with each other. */
  owners: string[];
  /** Ids of the teams of these trades. */
  teams: string[];
  /** The kinds of findings for which they are excluded. */
  kinds: string[];
  /** How many trades are excluded. */
  trades: number;
  /** How many contracts and lots these trades were about. */
  contracts: number;
  /** What they were worth to the first owner a minute later, in currency; to the second as much less. */
  value: number;
}

/** Trades between the teams of two owners that are in nobody's score, because of what surveillance has found. */
export interface ExclusionInfo {
  /** Ids of the teams that traded with each other. */
  teams: string[];
  /** What was found: `transfer`, `round_trips`. */
  kinds: string[];
  /** How many of their trades are in nobody's score. */
  trades: number;
  /** Contracts or lots of those trades. */
  contracts: number;
  /** What went from one side to the other, in currency. */
  value: number;
}

/** One fill. `quantity` is this fill's; `fees` > 0 was paid, < 0 is a rebate. */
export interface ExecutionReport {
  /** The message's name. */
  type: "execution_report";
  /** The event's place in the team's private stream: from 1, without a gap. To resume, send the last one as `after_seq`. */
  seq: number;
  /** The exchange's id of the order, never used again. */
  order_id: string;
  /** The client's own id of the order; null if it gave none. */
  client_order_id: string | null;
  /** The id of the trade, the same for both sides, never used again. */
  trade_id: string;
  /** The instrument's symbol. */
  instrument_id: string;
  /** `buy` or `sell`. */
  side: "buy" | "sell";
  /** The price of this fill, in currency per unit. */
  price: number;
  /** Contracts or lots of this fill. */
  quantity: number;
  /** How much of the order is filled so far, this fill included. */
  cumulative_quantity: number;
  /** The unfilled quantity; for a cancelled order, what was unfilled at its end. */
  remaining_quantity: number;
  /** The mean price of the order's fills so far. */
  average_price: number;
  /** `partially_filled`, or `filled` with the last fill. */
  order_status: "cancelled" | "filled" | "open" | "partially_filled";
  /** `maker`: the order was in the book. `taker`: it came later. `auction`: both met in an auction. */
  liquidity_type: "auction" | "maker" | "taker";
  /** What this fill cost in currency: above 0 it was paid, below 0 it is a rebate. */
  fees: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** Use of a limit in one instrument, working orders included. */
export interface ExposureInfo {
  /** The net position: above 0 long, below 0 short. */
  position: number;
  /** The quantity that the team's open buy orders could still add. */
  open_buy_quantity: number;
  /** The quantity that its open sell orders could still take away. */
  open_sell_quantity: number;
  /** The largest position either way, with all working orders of that side filled. */
  limit: number;
}

/** Fair play, of the session under way or last, and of the next one. */
export interface FairnessData {
  /** Of the session under way or last: the SHA-256, in hexadecimal, of its seed and of `scenario_hash` as it is written; null if no seed was committed to. */
  commitment: string | null;
  /** What each team brought to the session's seed, by team id; empty before the session's start. */
  nonces: Record<string, string>;
  /** The session's seed, 32 bytes in hexadecimal; null until its end. */
  seed: string | null;
  /** SHA-256, in hexadecimal, of the session's simulated world; null if it has none. */
  world_digest: string | null;
  /** SHA-256, in hexadecimal, of the rules that the exchange judges and draws by. */
  scenario_hash: string;
  /** The commitment that waits for the next session; null while there is none. */
  next_commitment: string | null;
  /** How many commitments were given up before their sessions: the seed was lost, or came from a number. */
  withdrawn: number;
}

/** One fill of one of the team's orders. `fees` > 0 was paid, < 0 is a rebate. */
export interface FillInfo {
  /** The id of the trade, the same for both sides, never used again. */
  trade_id: string;
  /** The exchange's id of the order, never used again. */
  order_id: string;
  /** The client's own id of the order; null if it gave none. */
  client_order_id: string | null;
  /** The instrument's symbol. */
  instrument_id: string;
  /** `buy` or `sell`. */
  side: "buy" | "sell";
  /** The price of this fill, in currency per unit. */
  price: number;
  /** Contracts or lots of this fill. */
  quantity: number;
  /** `maker`: the order was in the book. `taker`: it came later. `auction`: both met in an auction. */
  liquidity_type: string;
  /** What this fill cost in currency: above 0 it was paid, below 0 it is a rebate. */
  fees: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** Whether the organiser undid the trade: its money, fees and position are back. */
  busted: boolean;
}

/**
 * `forgotten`: how many older fills of the team are no longer kept; they are in its private stream as
 * `execution_report`, from `after_seq=0` on.
 */
export interface FillsData {
  /** Fills, oldest first. */
  fills: FillInfo[];
  /** The last event of the team's private stream that this reflects; 0 before the first. */
  as_of_seq: number;
  /** How many older entries are no longer kept. */
  forgotten: number;
}

/** Something that reached its thresholds. `excludes`: all trades between the owners leave the score. */
export interface FindingInfo {
  /** `transfer`, `round_trips`, `pair_share`, `messages`, `layering` or `stuffing`. */
  kind: string;
  /** Whose teams they are. Where something goes from one to the other, who gives it is first. */
  owners: string[];
  /** Ids of the teams that had a part in it. */
  teams: string[];
  /** What was measured, in `unit`. */
  measure: number;
  /** From this measure on it is a finding, once its kind's other thresholds are reached, too. */
  threshold: number;
  /** The unit of `measure` and `threshold`. */
  unit: string;
  /** Market time of the first event that it rests on. */
  since: string;
  /** Market time of the last one. */
  until: string;
  /** Ids of trades that it rests on, the first 100 at most. */
  trades: string[];
  /** How many trades it rests on. */
  trade_count: number;
  /** Sequence numbers of commands that it rests on, the first 100 at most. */
  commands: number[];
  /** How many commands it rests on. */
  command_count: number;
  /** Whether all trades between the owners leave the score. */
  excludes: boolean;
  /** The finding in a sentence. */
  text: string;
}

/**
 * An option's theoretical value and how it moves, per unit and not per contract.
 *
 * `implied_volatility` is that of the theoretical value; null at the very end of an option, when it has none, and then
 * `implied_volatility_reason` says why.
 */
export interface Greeks {
  /** The message's name. */
  type: "greeks";
  /** The instrument's symbol. */
  instrument_id: string;
  /** The theoretical value, in currency per unit. */
  theoretical: number;
  /** The volatility of the theoretical value, annual, as a fraction: 0.2 is 20 %. Null: none. */
  implied_volatility: number | null;
  /** Why there is no implied volatility; null if there is one. */
  implied_volatility_reason: "no_time" | null;
  /** How much the value moves with the underlying, per unit. */
  delta: number;
  /** How much delta moves with the underlying, per unit squared. */
  gamma: number;
  /** How much the value moves with a volatility point (0.01), in currency per unit. */
  vega: number;
  /** How much the value moves with a session (1/252 year), in currency per unit. */
  theta: number;
  /** The price on which the value rests: of the index, or a share of it for its tracker's options. */
  underlying_price: number;
  /** The market's clock, ISO 8601. */
  market_time: string;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/** By instrument; empty if the scenario has no theoretical values. `as_of`: market time; null before the first. */
export interface GreeksData {
  /** By instrument: the theoretical value and Greeks of each option. */
  greeks: Record<string, GreeksInfo>;
  /** The market time of what is shown, ISO 8601; null before the first session. */
  as_of: string | null;
}

/** An option's theoretical value and how it moves, as on the channel `greeks`. */
export interface GreeksInfo {
  /** The theoretical value, in currency per unit. */
  theoretical: number;
  /** The volatility of the theoretical value, annual, as a fraction: 0.2 is 20 %. Null: none. */
  implied_volatility: number | null;
  /** Why there is no implied volatility; null if there is one. */
  implied_volatility_reason: "no_time" | null;
  /** How much the value moves with the underlying, per unit. */
  delta: number;
  /** How much delta moves with the underlying, per unit squared. */
  gamma: number;
  /** How much the value moves with a volatility point (0.01), in currency per unit. */
  vega: number;
  /** How much the value moves with a session (1/252 year), in currency per unit. */
  theta: number;
  /** The price on which the value rests: of the index, or a share of it for its tracker's options. */
  underlying_price: number;
}

/** Halt or resume one instrument; null, or left out: all of them. */
export interface HaltRequest {
  instrument_id?: string | null;
  reason?: string | null;
  request_id?: string | null;
}

/**
 * `status`: `ok`; `degraded`: passes by itself, unless projections failed; `stopped`: lasts until the exchange is
 * restarted. `reason` says why.
 *
 * Journal lag: commands written but not yet synced to disk.
 */
export interface HealthData {
  /** `ok`; `degraded`: passes by itself, unless `failed_projections` names any; `stopped`: lasts until the exchange is restarted. */
  status: string;
  /** Why the status is not `ok`; null if it is. */
  reason: string | null;
  /** The exchange's version. */
  version: string;
  /** How long it has been running. */
  uptime_seconds: number;
  /** The sequence number of the last command. */
  sequence: number;
  /** One more after each unclean stop of the exchange. */
  epoch: number;
  /** Commands that are written and not yet synced to the disk. */
  journal_lag_commands: number;
  /** Sums over the session, such as scores, that failed: by name, the sequence number at which each was dropped. Trading goes on. */
  failed_projections: Record<string, number>;
}

/** Sent when the connection has been silent. `seq`: the last event of the private stream; null while anonymous. */
export interface Heartbeat {
  /** The message's name. */
  type: "heartbeat";
  /** The last event of the team's private stream; null while the connection is anonymous. */
  seq: number | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/** As in the last `position_update` of the instrument. */
export interface HoldingInfo {
  /** The average cost of the open position, per unit; null if there is none. */
  average_price: number | null;
  /** Profit and loss of closed positions in this instrument, in currency, before fees. */
  realized_pnl: number;
}

/** Of one market hour of the session. */
export interface HourPnlInfo {
  /** Equity at the newest theoretical values less what the session began with, in currency. */
  pnl: number;
  /** By moves of the underlying, at the delta of each second's start; a spot instrument's only part. */
  delta: number;
  /** By the squares of those moves. */
  gamma: number;
  /** By the time that passed. */
  theta: number;
  /** By changes of implied volatility. */
  vega: number;
  /** What fills brought against the theoretical values of their moments, before fees. */
  edge: number;
  /** Rebates less fees: below 0 it was paid on balance. */
  fees: number;
  /** What settled instruments were paid out at, against their last theoretical values. */
  settlement: number;
  /** What the other parts leave of `pnl`. */
  rest: number;
  /** The hour's first instant in market time, ISO 8601; the first has the call. */
  begins_at: string;
}

/** An instrument has expired: orders in it are cancelled, and no more are taken. */
export interface InstrumentExpired {
  /** The message's name. */
  type: "instrument_expired";
  /** The instrument's symbol. */
  instrument_id: string;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** Reference data. `position_limits` and `maximum_order_sizes`: by role. */
export interface InstrumentInfo {
  /** The instrument's symbol. */
  instrument_id: string;
  /** `option` or `spot`. */
  kind: "option" | "spot";
  /** The option's underlying; for a spot instrument its own symbol. */
  underlying: string;
  /** `call` or `put`; null for a spot instrument. */
  option_type: "call" | "put" | null;
  /** The option's strike in currency; null for a spot instrument. */
  strike: number | null;
  /** The option's last day, ISO 8601; null for a spot instrument. */
  expiry: string | null;
  /** The step between prices, in currency; every price is a whole multiple of it. */
  tick_size: number;
  /** Units of the underlying in one contract: a fill's value is price × quantity × multiplier. */
  multiplier: number;
  /** Whether trading in the instrument is halted: orders can only be cancelled. */
  halted: boolean;
  /** `listed`, `halted` (it will trade again), `expired`, or `settled` (its positions are paid out). */
  status: "expired" | "halted" | "listed" | "settled";
  /** What it was settled at, in currency per unit; null until then. */
  settlement_price: number | null;
  /** The largest position either way, by role. */
  position_limits: Record<string, number>;
  /** The largest quantity of one order, by role. */
  maximum_order_sizes: Record<string, number>;
}

/** An instrument can be traded from now on. */
export interface InstrumentListed {
  /** The message's name. */
  type: "instrument_listed";
  /** The instrument as `GET /instruments` shows it. */
  instrument: InstrumentInfo;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** Of one instrument in the session. */
export interface InstrumentPnlInfo {
  /** Equity at the newest theoretical values less what the session began with, in currency. */
  pnl: number;
  /** By moves of the underlying, at the delta of each second's start; a spot instrument's only part. */
  delta: number;
  /** By the squares of those moves. */
  gamma: number;
  /** By the time that passed. */
  theta: number;
  /** By changes of implied volatility. */
  vega: number;
  /** What fills brought against the theoretical values of their moments, before fees. */
  edge: number;
  /** Rebates less fees: below 0 it was paid on balance. */
  fees: number;
  /** What settled instruments were paid out at, against their last theoretical values. */
  settlement: number;
  /** What the other parts leave of `pnl`. */
  rest: number;
  /** The instrument's symbol. */
  instrument_id: string;
}

export interface InstrumentsData {
  /** Reference data of each instrument. */
  instruments: InstrumentInfo[];
}

export interface KeyData {
  /** The team's key. Anyone who has it can act as the team. */
  api_key: string;
}

/** Everybody's score at one instant, role by role and best first; a whole new one takes the place of the last. */
export interface Leaderboard {
  /** The message's name. */
  type: "leaderboard";
  /** The market time of what is shown, ISO 8601. */
  as_of: string;
  /** The date of the session that it is about. */
  session_date: string;
  /** Whether nothing newer is shown before the close. */
  frozen: boolean;
  /** Whether it is the session's result: it has ended, and all that expired with it is settled. */
  final: boolean;
  /** Every team's score, role by role and best first. */
  teams: TeamScoreInfo[];
  /** Trades that are in nobody's score, because of what surveillance has found. */
  exclusions: ExclusionInfo[];
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/**
 * Everybody's score at one instant, role by role and best first.
 *
 * Until a session shows standings of its own, those of the last one's end. `as_of`: null before the first.
 */
export interface LeaderboardData {
  /** The market time of what is shown, ISO 8601; null before the first. */
  as_of: string | null;
  /** The date of the session that it is about; null before the first. */
  session_date: string | null;
  /** Whether nothing newer is shown before the close. */
  frozen: boolean;
  /** Whether it is the session's result: it has ended, and all that expired with it is settled. */
  final: boolean;
  /** Every team's score, role by role and best first. */
  teams: TeamScoreInfo[];
  /** Trades that are in nobody's score, because of what surveillance has found. */
  exclusions: ExclusionInfo[];
}

export interface LevelInfo {
  /** Currency per unit. */
  price: number;
  /** The total quantity of all orders at this price. */
  quantity: number;
}

/** A limit of the team, and how much of it is used. */
export interface LimitInfo {
  /** How much of the limit is used. */
  used: number;
  /** The limit. */
  limit: number;
}

/** Make this the team's connection. Answered by `welcome`, then `ack`, then the private stream. */
export interface Login {
  /** What the client asks for, or what is answered. */
  op: "login";
  /** The team's key. Anyone who has it can act as the team. */
  api_key: string;
  /** The last private event that the client has: the stream goes on with the one after it. */
  after_seq?: number | null;
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id?: string | null;
}

/**
 * The session: date, phase, the market's clock, halted instruments.
 *
 * `next_phase` and `next_at` (also as `next_transition`) are null if phases change by hand. `starts_at`: when a
 * planned session starts, in wall time.
 */
export interface MarketData {
  /** The session's date in the exchange's time zone, ISO 8601. */
  session_date: string | null;
  /** How many times the market has opened; client order ids are unique within one. */
  trading_session: number;
  /** `continuous`: orders trade. `pre_open`, `reopening_call`: they wait for the auction. `halted`: they can only be cancelled. `opening_auction`, `reopening_auction`, `closed`: they can be neither entered nor cancelled. */
  phase: "closed" | "continuous" | "halted" | "opening_auction" | "pre_open" | "reopening_auction" | "reopening_call";
  /** The market's clock, ISO 8601. */
  market_time: string;
  /** Market seconds in a second of wall time. */
  speed: number;
  /** The phase that comes next; null if phases change by hand. */
  next_phase: "closed" | "continuous" | "halted" | "opening_auction" | "pre_open" | "reopening_auction" | "reopening_call" | null;
  /** The earliest instant, in market time, at which it begins; a call ends at a random one after that. */
  next_at: string | null;
  /** The same as `next_at`. */
  next_transition: string | null;
  /** When the planned session starts, in wall time; null if none is planned. */
  starts_at: string | null;
  /** Symbols of the instruments in which trading is halted. */
  halted: string[];
  /** Phases of the instruments that are in another one than the session. */
  instrument_phases: Record<string, "closed" | "continuous" | "halted" | "opening_auction" | "pre_open" | "reopening_auction" | "reopening_call">;
  /** The last price of each underlying, by symbol. */
  underlyings: Record<string, number>;
}

/** The order is in the book (or about to match). `price` null: a market order. */
export interface NewOrderAck {
  /** The message's name. */
  type: "new_order_ack";
  /** The event's place in the team's private stream: from 1, without a gap. To resume, send the last one as `after_seq`. */
  seq: number;
  /** The exchange's id of the order, never used again. */
  order_id: string;
  /** The client's own id of the order; null if it gave none. */
  client_order_id: string | null;
  /** The instrument's symbol. */
  instrument_id: string;
  /** `buy` or `sell`. */
  side: "buy" | "sell";
  /** Currency per unit; null for a market order. */
  price: number | null;
  /** Contracts or lots in all. */
  quantity: number;
  /** The unfilled quantity; for a cancelled order, what was unfilled at its end. */
  remaining_quantity: number;
  /** `day`: rests in the book. `ioc`: what does not fill at once is cancelled. `fok`: all at once or nothing. */
  time_in_force: "day" | "fok" | "ioc";
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** A headline. Its effect on prices, if it has any, is not told. */
export interface News {
  /** The message's name. */
  type: "news";
  /** The exchange's id of the headline, never used again. */
  news_id: string;
  /** The headline. */
  headline: string;
  /** What the headline is about. */
  category: string;
  /** Chances of each effect in percent; which of them the headline has is not told. */
  odds: OddsInfo;
  /** The market's clock, ISO 8601. */
  market_time: string;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/**
 * Oldest first. `omitted`: how many come after these; ask again with the last one's id as `after`.
 *
 * `forgotten`: how many older ones are no longer kept.
 */
export interface NewsData {
  /** The news, oldest first. */
  news: NewsInfo[];
  /** How many more come after these; ask again with `after`. */
  omitted: number;
  /** How many older entries are no longer kept. */
  forgotten: number;
}

/** A headline, as on the channel `market`. */
export interface NewsInfo {
  /** The exchange's id of the headline, never used again. */
  news_id: string;
  /** The headline. */
  headline: string;
  /** What the headline is about. */
  category: string;
  /** Chances of each effect in percent; which of them the headline has is not told. */
  odds: OddsInfo;
  /** The market's clock, ISO 8601. */
  market_time: string;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/**
 * A headline. Without `odds` they are 40, 30 and 30.
 *
 * In a scenario with a simulated market it may bring another `regime`, a jump of `jump_percent`, or both; teams are
 * told neither. What it brings must have a chance above 0 in its odds.
 */
export interface NewsRequest {
  /** 1 to 200 characters in one line. */
  headline: string;
  /** What the headline is about, in a word or two. */
  category?: string;
  /** Chances of each effect in percent; which of them the headline has is not told. */
  odds?: Odds | null;
  regime?: "low" | "medium" | "high" | null;
  jump_percent?: number | null;
  reason?: string | null;
  request_id?: string | null;
}

/** Chances of each effect of a headline, in percent, together 100. Which of them it has is not told. */
export interface Odds {
  /** That volatility changes to another regime. */
  regime_shift: number;
  /** That prices jump. */
  price_jump: number;
  /** That nothing happens. */
  no_effect: number;
}

/** Chances of each effect of a headline, in percent, together 100. */
export interface OddsInfo {
  /** That volatility changes to another regime. */
  regime_shift: number;
  /** That prices jump. */
  price_jump: number;
  /** That nothing happens. */
  no_effect: number;
}

/** The order has new terms; `quantity` is the total, filled part included. */
export interface OrderAmended {
  /** The message's name. */
  type: "order_amended";
  /** The event's place in the team's private stream: from 1, without a gap. To resume, send the last one as `after_seq`. */
  seq: number;
  /** The exchange's id of the order, never used again. */
  order_id: string;
  /** The client's own id of the order; null if it gave none. */
  client_order_id: string | null;
  /** The instrument's symbol. */
  instrument_id: string;
  /** `buy` or `sell`. */
  side: "buy" | "sell";
  /** The order's price from now on. */
  price: number;
  /** The order's total from now on, filled part included. */
  quantity: number;
  /** The unfilled quantity; for a cancelled order, what was unfilled at its end. */
  remaining_quantity: number;
  /** Whether the order kept its place in the queue: the price is the same and the quantity is not larger. */
  kept_priority: boolean;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** Depth aggregated by price, best first. `book_seq` is the book's own counter, as on its channel. */
export interface OrderBookData {
  /** The instrument's symbol. */
  instrument_id: string;
  /** Levels of the buy side, best first. */
  bids: LevelInfo[];
  /** Levels of the sell side, best first. */
  asks: LevelInfo[];
  /** The book's own counter: one more with each change of its 20 best levels a side. Not the private `seq`. */
  book_seq: number;
}

/** The order left the book with `cancelled_quantity` unfilled. */
export interface OrderCancelled {
  /** The message's name. */
  type: "order_cancelled";
  /** The event's place in the team's private stream: from 1, without a gap. To resume, send the last one as `after_seq`. */
  seq: number;
  /** The exchange's id of the order, never used again. */
  order_id: string;
  /** The client's own id of the order; null if it gave none. */
  client_order_id: string | null;
  /** The instrument's symbol. */
  instrument_id: string;
  /** `buy` or `sell`. */
  side: "buy" | "sell";
  /** What was still unfilled when the order left the book. */
  cancelled_quantity: number;
  /** Why the order left: asked for (`user_requested`, `mass_cancel`, `quote_replaced`), its own terms (`ioc_remainder`, `fok_not_fillable`, `market_remainder`), it would have traded with its own owner (`self_trade_prevention`), its bot was gone (`cancel_on_disconnect`, `cancel_after`), the team's protection of its quotes (`market_maker_protection`), the organiser (`session_close`, `team_suspended`), the team may only reduce its positions now (`reduce_only`), its equity is below 0 (`insufficient_cash`), or its instrument was at its end (`instrument_expired`). */
  reason: CancelReason;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

export interface OrderData {
  /** The order. */
  order: OrderInfo;
  /** Fills, oldest first. */
  fills: FillInfo[];
  /** The last event of the team's private stream that this reflects; 0 before the first. */
  as_of_seq: number;
}

/** An order as shown to its team. `remaining_quantity` of a cancelled order is what was left unfilled. */
export interface OrderInfo {
  /** The exchange's id of the order, never used again. */
  order_id: string;
  /** The client's own id of the order; null if it gave none. */
  client_order_id: string | null;
  /** The instrument's symbol. */
  instrument_id: string;
  /** `buy` or `sell`. */
  side: "buy" | "sell";
  /** Currency per unit; null for a market order. */
  price: number | null;
  /** Contracts or lots in all. */
  quantity: number;
  /** The unfilled quantity; for a cancelled order, what was unfilled at its end. */
  remaining_quantity: number;
  /** `open`, `partially_filled`, `filled` or `cancelled`. */
  status: "cancelled" | "filled" | "open" | "partially_filled";
  /** `day`: rests in the book. `ioc`: what does not fill at once is cancelled. `fok`: all at once or nothing. */
  time_in_force: "day" | "fok" | "ioc";
  /** Refuse the order if it would trade at once. */
  post_only: boolean;
  /** When the order was accepted: ISO 8601 UTC with microseconds. */
  submitted_at: string;
}

/** One order. A limit order needs a `price`; a market order says so in `order_type` and has none. */
export interface OrderRequest {
  /** An instrument's symbol. */
  instrument_id: string;
  /** `buy` or `sell`. */
  side: "buy" | "sell";
  /** Contracts or lots, > 0. */
  quantity: number;
  price?: number | null;
  /** `limit`: trades at its price or better. `market`: trades at any price, and has no `price`. */
  order_type?: "limit" | "market";
  /** `day`: rests in the book. `ioc`: what does not fill at once is cancelled. `fok`: all at once or nothing. */
  time_in_force?: "day" | "ioc" | "fok";
  /** Refuse the order if it would trade at once. */
  post_only?: boolean;
  client_order_id?: string | null;
  request_id?: string | null;
}

/**
 * `forgotten`, in a list of closed orders: how many older ones of the team are no longer kept. Their events are in
 * its private stream, from `after_seq=0` on. In a list of open orders 0, because all are kept.
 *
 * `omitted`, in a list of open orders: how many more come after these; ask again with the last one's id as `after`.
 */
export interface OrdersData {
  /** Orders, oldest first; closed ones newest first. */
  orders: OrderInfo[];
  /** The last event of the team's private stream that this reflects; 0 before the first. */
  as_of_seq: number;
  /** How many older entries are no longer kept. */
  forgotten: number;
  /** How many more open orders come after these; ask again with `after`. 0 for closed orders. */
  omitted: number;
}

/** Move the session to another phase. */
export interface PhaseRequest {
  /** `continuous`: orders trade. `pre_open`, `reopening_call`: they wait for the auction. `halted`: they can only be cancelled. `opening_auction`, `reopening_auction`, `closed`: they can be neither entered nor cancelled. */
  phase: "pre_open" | "opening_auction" | "continuous" | "halted" | "reopening_call" | "reopening_auction" | "closed";
  reason?: string | null;
  request_id?: string | null;
}

/** Ask for an `ack`, to check the connection. */
export interface Ping {
  /** What the client asks for, or what is answered. */
  op: "ping";
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id?: string | null;
}

/**
 * Where the team's P&L of the session comes from; after the close, that of the last session. Parts of all
 * instruments add up to the total, and so do those of all hours. Before the first session all is 0.
 */
export interface PnlData {
  /** The market time of the newest values, ISO 8601; null before the first session. */
  as_of: string | null;
  /** The date of the session that it is about; null before the first. */
  session_date: string | null;
  /** The whole P&L, or that of the instrument that was asked for. */
  total: PnlInfo;
  /** What the team has held or traded in the session. */
  instruments: InstrumentPnlInfo[];
  /** The session's market hours so far, counted from the opening. */
  hours: HourPnlInfo[];
}

/** A P&L and its parts, in currency. In money units of 1e-4 the parts add up to it exactly. */
export interface PnlInfo {
  /** Equity at the newest theoretical values less what the session began with, in currency. */
  pnl: number;
  /** By moves of the underlying, at the delta of each second's start; a spot instrument's only part. */
  delta: number;
  /** By the squares of those moves. */
  gamma: number;
  /** By the time that passed. */
  theta: number;
  /** By changes of implied volatility. */
  vega: number;
  /** What fills brought against the theoretical values of their moments, before fees. */
  edge: number;
  /** Rebates less fees: below 0 it was paid on balance. */
  fees: number;
  /** What settled instruments were paid out at, against their last theoretical values. */
  settlement: number;
  /** What the other parts leave of `pnl`. */
  rest: number;
}

/**
 * After trades, a bust, a settlement. `realized_pnl`: this instrument's, before fees; `cash`, `fees_paid`: the
 * account's.
 */
export interface PositionUpdate {
  /** The message's name. */
  type: "position_update";
  /** The event's place in the team's private stream: from 1, without a gap. To resume, send the last one as `after_seq`. */
  seq: number;
  /** The instrument's symbol. */
  instrument_id: string;
  /** The net position: above 0 long, below 0 short. */
  position: number;
  /** The average cost of the open position, per unit; null if there is none. */
  average_price: number | null;
  /** Profit and loss of closed positions in this instrument, in currency, before fees. */
  realized_pnl: number;
  /** The account's cash in currency. */
  cash: number;
  /** All fees of the account less its rebates, in currency. */
  fees_paid: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

export interface PositionsData {
  /** The net position in every instrument ever traded, by symbol; null while the connection is anonymous. */
  positions: Record<string, number>;
  /** The cost of each of these positions, and what it has realized, by symbol. */
  holdings: Record<string, HoldingInfo>;
  /** The last event of the team's private stream that this reflects; 0 before the first. */
  as_of_seq: number;
}

/**
 * Protection of the options on one underlying. A limit, or `move`, that is null is off.
 *
 * The counters are those of the window that is open; 0 where none is.
 */
export interface ProtectedGroupInfo {
  /** The underlying of the options that are protected together. */
  group: string;
  /** The limit on contracts bought and sold; null: none. */
  quantity: number | null;
  /** The limit on the size of their delta, in contracts of the index; null: none. */
  delta: number | null;
  /** The limit on the size of their vega; null: none. */
  vega: number | null;
  /** The share of half its spread by which a quote's value may move before it is pulled; null: any. */
  move: number | null;
  /** Market seconds in which fills of quotes count together, from the first one on. */
  interval_seconds: number | null;
  /** Market seconds in which quotes are refused after a limit was met; 0: until the team resets it. */
  frozen_seconds: number;
  /** Contracts that quotes have bought and sold in the window. */
  counted_quantity: number;
  /** The size of the delta of what they have bought and sold in it, in contracts of the index. */
  counted_delta: number;
  /** The size of its vega: per volatility point and unit, times contracts. */
  counted_vega: number;
  /** When the window closes, in market time; null if none is open. */
  window_ends: string | null;
  /** Whether quotes in the group are refused now. */
  frozen: boolean;
  /** When they are no longer, in market time; null: not frozen, or until the team resets it. */
  frozen_until: string | null;
}

export interface ProtectionData {
  /** Each group, as it stands. */
  groups: ProtectedGroupInfo[];
  /** The last event of the team's private stream that this reflects; 0 before the first. */
  as_of_seq: number;
}

/** Market-maker protection of a group. What is not given, null or 0 is off; settings from before do not stay. */
export interface ProtectionRequest {
  group?: string | null;
  quantity?: number | null;
  delta?: number | null;
  vega?: number | null;
  move?: number | null;
  interval_seconds?: number | null;
  frozen_seconds?: number | null;
  request_id?: string | null;
}

/** End a group's freeze, and set its counters to 0. */
export interface ProtectionResetRequest {
  group?: string | null;
  request_id?: string | null;
}

/** Market-maker protection has cancelled all quotes of a group. `frozen_until` null: until the team resets it. */
export interface ProtectionTriggered {
  /** The message's name. */
  type: "protection_triggered";
  /** The event's place in the team's private stream: from 1, without a gap. To resume, send the last one as `after_seq`. */
  seq: number;
  /** The underlying of the options that are protected together. */
  group: string;
  /** The limit that was met: `quantity`, `delta` or `vega`. */
  limit: "delta" | "quantity" | "vega";
  /** What was counted, in the unit of the limit. */
  measured: number;
  /** The limit that it met. */
  limit_value: number;
  /** When they are no longer, in market time; null: not frozen, or until the team resets it. */
  frozen_until: string | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

export interface PublishedData {
  /** The headline as it was published. */
  news: NewsInfo;
}

/** A quote in one instrument. Neither price nor quantity: no quote on that side. One needs the other. */
export interface QuoteRequest {
  /** An instrument's symbol. */
  instrument_id: string;
  bid_price?: number | null;
  bid_quantity?: number | null;
  ask_price?: number | null;
  ask_quantity?: number | null;
}

/** The result of one instrument's quote. A refused side has a null id, and `error` says why. */
export interface QuoteResult {
  /** The instrument's symbol. */
  instrument_id: string;
  /** Whether it was done. If not, `error` says why, and nothing was changed. */
  success: boolean;
  /** The open order that is the quote's bid; null if there is none. */
  bid_order_id: string | null;
  /** The open order that is the quote's ask; null if there is none. */
  ask_order_id: string | null;
  /** Why it was not done; null if it was. */
  error: ApiError | null;
}

export interface QuotesData {
  /** The result of each, in the order of the request. */
  results: QuoteResult[];
  /** The last event of the team's private stream that this reflects; 0 before the first. */
  as_of_seq: number;
}

export interface QuotesRequest {
  /** One quote for each instrument; instruments that are not named keep theirs. */
  quotes: QuoteRequest[];
  request_id?: string | null;
}

/** How many requests of a kind pass: `burst` at once, and `per_second` in the long run. */
export interface RateInfo {
  /** Requests that pass in a second in the long run. */
  per_second: number;
  /** Requests that pass at once after a pause. */
  burst: number;
}

/** What an organiser's request says beside its path. It may be left out altogether. */
export interface ReasonRequest {
  reason?: string | null;
  request_id?: string | null;
}

/** The new team. The key is shown only here. */
export interface RegisteredData {
  /** The team's id. */
  team_id: string;
  /** The team's name. */
  team_name: string;
  /** The team's role, which sets its fees, limits and rates. */
  role: string;
  /** The team's key. Anyone who has it can act as the team. */
  api_key: string;
}

/** Replay the private stream from `after_seq` + 1, then go live. */
export interface Resume {
  /** What the client asks for, or what is answered. */
  op: "resume";
  /** The last private event that the client has: the stream goes on with the one after it. */
  after_seq: number;
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id?: string | null;
}

/** A level of the ladder of sanctions: 1 warned, 2 points off, 3 reduce-only. */
export interface SanctionRequest {
  /** 1 warned, 2 points off, 3 reduce-only. */
  level: number;
  reason?: string | null;
  request_id?: string | null;
}

/** The team's place on the ladder of sanctions: 0 none, 1 warned, 2 points off, 3 reduce-only. */
export interface SanctionsInfo {
  /** 0 none, 1 warned, 2 points off, 3 reduce-only. */
  level: number;
  /** Market time of the last change; null if there was none. */
  since: string | null;
}

/**
 * A team's own score as of the instant that the leaderboard shows. `score` and `inputs`: null before there is one,
 * and for a team that was not there yet.
 */
export interface ScoreData {
  /** The market time of what is shown, ISO 8601; null before the first. */
  as_of: string | null;
  /** The date of the session that it is about; null before the first. */
  session_date: string | null;
  /** Whether nothing newer is shown before the close. */
  frozen: boolean;
  /** Whether it is the session's result: it has ended, and all that expired with it is settled. */
  final: boolean;
  /** The team's score; null before the first, and for a team that was not there yet. */
  score: TeamScoreInfo | null;
  /** What the score is made from; null where there is none. */
  inputs: ScoreInputs | null;
}

/** What a score is made from: sums over the session, without what excluded trades did. */
export interface ScoreInputs {
  /** Whether the team has reached the activity floor of its role, or there is none. */
  is_active: boolean;
  /** Contracts or lots traded with others than the owner's own teams. */
  contracts: number;
  /** Of the session's seconds, those in hours in which the floor was reached. */
  active_seconds: number;
  /** How many seconds the session has had so far. */
  session_seconds: number;
  /** Equity at the newest theoretical values less what the session began with, in currency. */
  pnl: number;
  /** Edge of the fills as maker, in currency. */
  maker_edge: number;
  /** Edge of all fills, in currency. */
  edge: number;
  /** Fees of the session less rebates, in currency. */
  fees: number;
  /** What trades that are left out were worth to the team, in currency. */
  excluded_value: number;
  /** How many trades are left out. */
  excluded_trades: number;
  /** Sum over samples of its quotes of what was covered of what counted, in 1e-6. */
  coverage_sum_ppm: number;
  /** How many samples those were. */
  coverage_samples: number;
  /** Sum over seconds of the size of the net delta, in 1e-3 contracts of the index. */
  delta_sum_milli: number;
  /** Sum over seconds of the size of the net vega: currency per volatility point and unit, times contracts. */
  vega_sum: number;
  /** How many seconds those were. */
  inventory_seconds: number;
  /** P&L in the windows after changes of regime, in currency. */
  shift: number;
  /** Sum over seconds of the square of the net delta, in 1e-3 contracts of the index. */
  net_delta_squares: number;
  /** Sum over seconds of the square of the sum of the sizes of the options' deltas. */
  gross_delta_squares: number;
  /** What the balanced position earned from the tracker's error, without edge, in currency. */
  convergence: number;
  /** Sum over signals of the size of the error, in 1e-9, times the response, in 1e-6. */
  response_ppb_ppm: number;
  /** Sum over signals of the size of the error, in 1e-9. */
  signalled_ppb: number;
  /** Seconds in which a duty counted. */
  judged_seconds: number;
  /** Those of them outside a duty. */
  outside_seconds: number;
  /** How often level 2 or 3 of sanctions was reached. */
  levels_reached: number;
  /** The largest fall of equity from one full minute to a later one, in currency. */
  drawdown: number;
  /** The mean of the worst changes of equity from minute to minute, in currency. */
  tail: number;
}

/** Start or end a trading session. `at`: when it starts; left out, at once. */
export interface SessionRequest {
  /** `start` a session, or `end` the one that is under way or planned. */
  action: "start" | "end";
  at?: string | null;
  reason?: string | null;
  request_id?: string | null;
}

/**
 * The session is in another phase, or (with `instrument_id`) one instrument is.
 *
 * `next_at`: the earliest instant of `next_phase`; both are null if an organiser decides. `market_time` is null
 * before the first session.
 */
export interface SessionStatus {
  /** The message's name. */
  type: "session_status";
  /** `continuous`: orders trade. `pre_open`, `reopening_call`: they wait for the auction. `halted`: they can only be cancelled. `opening_auction`, `reopening_auction`, `closed`: they can be neither entered nor cancelled. */
  phase: "closed" | "continuous" | "halted" | "opening_auction" | "pre_open" | "reopening_auction" | "reopening_call";
  /** The phase before. */
  previous_phase: "closed" | "continuous" | "halted" | "opening_auction" | "pre_open" | "reopening_auction" | "reopening_call";
  /** The instrument that is in another phase; null: the session is. */
  instrument_id: string | null;
  /** Whether that phase is a halt. */
  halted: boolean;
  /** Why the phase began: `schedule`, `organiser` or `circuit_breaker`. */
  reason: "circuit_breaker" | "organiser" | "schedule";
  /** How many times the market has opened; client order ids are unique within one. */
  trading_session: number;
  /** The market's clock, ISO 8601. */
  market_time: string | null;
  /** The phase that comes next; null if phases change by hand. */
  next_phase: "closed" | "continuous" | "halted" | "opening_auction" | "pre_open" | "reopening_auction" | "reopening_call" | null;
  /** The earliest instant, in market time, at which it begins; a call ends at a random one after that. */
  next_at: string | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** Settle an instrument at a price of its grid, 0 included. */
export interface SettleRequest {
  /** The instrument's symbol. */
  instrument_id: string;
  /** What positions are paid out at, in currency per unit. */
  settlement_price: number;
  /** The price of the underlying that the settlement price follows from; null if there is none. */
  underlying_price?: number | null;
  reason?: string | null;
  request_id?: string | null;
}

/** An instrument is settled: positions in it are paid out at this price. */
export interface Settlement {
  /** The message's name. */
  type: "settlement";
  /** The instrument's symbol. */
  instrument_id: string;
  /** What positions are paid out at, in currency per unit. */
  settlement_price: number;
  /** The price of the underlying that the settlement price follows from; null if there is none. */
  underlying_price: number | null;
  /** The market's clock, ISO 8601. */
  market_time: string;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/**
 * A signal of the role: the same to all its teams. The fields in the middle are those of its `signal_type`.
 *
 * `volatility_forecast`: volatility may change to `forecast_regime` in about `seconds_until_change` market seconds.
 * `tracking_error`: the tracker is about to be off its index by `error_percent`.
 */
export interface Signal {
  /** The message's name. */
  type: "signal";
  /** The event's place in the team's private stream: from 1, without a gap. To resume, send the last one as `after_seq`. */
  seq: number;
  /** `volatility_forecast` or `tracking_error`. */
  signal_type: "tracking_error" | "volatility_forecast";
  /** The regime of volatility that may come: `low`, `medium` or `high`. */
  forecast_regime?: "high" | "low" | "medium" | null;
  /** Market seconds until then, about. */
  seconds_until_change?: number | null;
  /** By how much the tracker is off its index, in percent of it; above 0 it is rich. */
  error_percent?: number | null;
  /** `SPY_RICH` or `SPY_CHEAP`. */
  direction?: "SPY_CHEAP" | "SPY_RICH" | null;
  /** The error in standard deviations. */
  z_score?: number | null;
  /** How often such a signal is right, as a fraction: the regime comes; or half of the error is gone within 300 market seconds. */
  confidence: number;
  /** The market's clock, ISO 8601. */
  market_time: string;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** How fast market time passes. */
export interface SpeedRequest {
  /** Market seconds in a second of wall time. */
  speed: number;
  reason?: string | null;
  request_id?: string | null;
}

/** A team's duties and sanctions. */
export interface StandingData {
  /** The team's id. */
  team_id: string;
  /** The duties of the team's role, as they were last found. */
  duties: DutyInfo[];
  /** The team's place on the ladder of sanctions. */
  sanctions: SanctionsInfo;
  /** Whether the team may only enter orders that make its positions smaller. */
  reduce_only: boolean;
}

/** The answer to a client message that was not carried out. */
export interface StreamError {
  /** The message's name. */
  type: "error";
  /** The operation that was asked for; null if it could not be read. */
  op: string | null;
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id: string | null;
  /** The reason as a fixed word, for programs. */
  code: string;
  /** The reason in words: the rule, and what is allowed. */
  message: string;
  /** What the code depends on: the field, the limit, the nearest value that is allowed. */
  details?: Record<string, unknown> | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/**
 * Subscribe to public channels: to all of these, or (with an `error`) to none.
 *
 * A book begins with a snapshot, also when it is subscribed again.
 */
export interface Subscribe {
  /** What the client asks for, or what is answered. */
  op: "subscribe";
  /** The channels that were subscribed or unsubscribed; null in any other answer. */
  channels: string[];
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id?: string | null;
}

/** Of the session under way, or of the last one. `session_date`: null before the first. */
export interface SurveillanceData {
  /** The session's date; null before the first. */
  session_date: string | null;
  /** What reached its thresholds, kind by kind. */
  findings: FindingInfo[];
  /** Trades that are in nobody's score. */
  exclusions: ExcludedPairInfo[];
}

export interface TeamData {
  /** Public facts of the team. */
  team: TeamInfo;
}

/** Public facts of a team. */
export interface TeamInfo {
  /** The team's id. */
  team_id: string;
  /** The team's name. */
  team_name: string;
  /** The team's role, which sets its fees, limits and rates. */
  role: string;
  /** Whether the organiser has suspended the team: its commands are refused. */
  suspended: boolean;
}

/** A team as its organiser sees it. */
export interface TeamOverviewInfo {
  /** The team's id. */
  team_id: string;
  /** The team's name. */
  team_name: string;
  /** The team's role, which sets its fees, limits and rates. */
  role: string;
  /** Whose team it is; teams of one owner do not trade with each other. Null: nobody else's. */
  owner: string | null;
  /** Whether the organiser has suspended the team: its commands are refused. */
  suspended: boolean;
  /** Whether bots can act as the team. The exchange itself acts for one without a key. */
  has_key: boolean;
  /** How many streams the team has open. */
  connections: number;
  /** When the team last asked for anything: ISO 8601 UTC; null if not since the server started. */
  last_seen: string | null;
  /** How many orders of the team were accepted so far. */
  orders: number;
  /** How often the team was refused since the server started, by code, the most frequent first. */
  refusals: Record<string, number>;
  /** Net positions that are not zero, by symbol. */
  positions: Record<string, number>;
  /** Cash and all positions at their theoretical values, in currency. */
  equity: number;
  /** Realized and unrealized profit and loss since registration, after fees, in currency. */
  pnl: number;
  /** Limits on the whole account; under `position` the one on an instrument of which most is used, and under `requirement` how much of the equity is bound. */
  limits: Record<string, LimitInfo>;
  /** The duties of the team's role, as they were last found. */
  duties: DutyInfo[];
  /** The team's place on the ladder of sanctions. */
  sanctions: SanctionsInfo;
  /** Whether the team may only enter orders that make its positions smaller. */
  reduce_only: boolean;
}

/** Register a team. */
export interface TeamRequest {
  /** 1 to 64 characters; single spaces between words and none at either end; no control, formatting or invisible characters. */
  team_name: string;
  /** The team's role, which sets its fees, limits and rates. */
  role?: string | null;
  /** The organiser's code for registering a team; not needed if registration is open. */
  join_code?: string | null;
  owner?: string | null;
  nonce?: string | null;
  request_id?: string | null;
}

/**
 * What a team has in the session. `rank` is that among the teams of its role: totals compare within a role.
 *
 * On the leaderboard, what the score is made of is left out until the result is final: `role_points`, `compliance` and
 * `risk` are null, and `components` is empty.
 */
export interface TeamScoreInfo {
  /** Among the teams of its role, from 1; equal scores share one. */
  rank: number;
  /** The team's id. */
  team_id: string;
  /** The team's name. */
  team_name: string;
  /** The team's role, which sets its fees, limits and rates. */
  role: string;
  /** Points, 70 at most: those of the role, of compliance and of risk. */
  score: number;
  /** Equity at the newest theoretical values less what the session began with, in currency. */
  pnl: number;
  /** Points for what the role is there for, 40 at most; null on the leaderboard until it is final. */
  role_points: number | null;
  /** Points for keeping to the role's duties, 15 at most; null on the leaderboard until it is final. */
  compliance: number | null;
  /** Points for little risk, 15 at most; null on the leaderboard until it is final. */
  risk: number | null;
  /** What the points are made of; empty on the leaderboard until it is final. */
  components: ComponentInfo[];
  /** Why the team has no points for want of trading; null: it has. */
  inactive: string | null;
  /** The team's trades that are left out of the score, because of what surveillance has found. */
  excluded_trades: number;
  /** What those were worth to the team, in currency; it is no part of `pnl`. */
  excluded_value: number;
}

/** `roles`: all that the scenario has. `omitted`: how many teams come after these; ask again with `after`. */
export interface TeamsData {
  /** Teams in the order of their registration. */
  teams: TeamOverviewInfo[];
  /** How many more come after these; ask again with `after`. */
  omitted: number;
  /** The scenario's roles. */
  roles: string[];
}

/** Best bid and ask with sizes; null prices where a side is empty. */
export interface TopOfBook {
  /** The message's name. */
  type: "top_of_book";
  /** The instrument's symbol. */
  instrument_id: string;
  /** The best bid; null if there is none. */
  bid_price: number | null;
  /** The quantity bid at the best price; 0 if there is none. */
  bid_quantity: number;
  /** The best ask; null if there is none. */
  ask_price: number | null;
  /** The quantity offered at the best price; 0 if there is none. */
  ask_quantity: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/** A public trade. `aggressor_side`: the side of the order that came later; null in an auction. */
export interface Trade {
  /** The message's name. */
  type: "trade";
  /** The id of the trade, the same for both sides, never used again. */
  trade_id: string;
  /** The instrument's symbol. */
  instrument_id: string;
  /** Currency per unit. */
  price: number;
  /** Contracts or lots that were traded. */
  quantity: number;
  /** The side of the order that came later; null in an auction. */
  aggressor_side: "buy" | "sell" | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

/** The organiser undid a trade. To its two teams, privately with a `seq`, and to readers of `trades` without one. */
export interface TradeBusted {
  /** The message's name. */
  type: "trade_busted";
  /** In the private stream, the event's place in it. A reader of `trades` gets the message without it. */
  seq?: number;
  /** The id of the trade, the same for both sides, never used again. */
  trade_id: string;
  /** The instrument's symbol. */
  instrument_id: string;
  /** Currency per unit. */
  price: number;
  /** Contracts or lots that were traded. */
  quantity: number;
  /** What the organiser gave as the reason; null if nothing. */
  reason: string | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
  /** The sequence number of the command that caused it. The exchange numbers all commands in the order in which it handles them. */
  sequence: number;
}

export interface TradeInfo {
  /** The id of the trade, the same for both sides, never used again. */
  trade_id: string;
  /** The instrument's symbol. */
  instrument_id: string;
  /** Currency per unit. */
  price: number;
  /** Contracts or lots that were traded. */
  quantity: number;
  /** The side of the order that came later; null in an auction. */
  aggressor_side: "buy" | "sell" | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

export interface TradesData {
  /** Public trades, oldest first. */
  trades: TradeInfo[];
}

/** The price of an underlying: of the index, or the fair value of a tradable one. It is no price of the book. */
export interface UnderlyingPrice {
  /** The message's name. */
  type: "underlying_price";
  /** The underlying's symbol. */
  symbol: string;
  /** Currency per unit. */
  price: number;
  /** The market's clock, ISO 8601. */
  market_time: string;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

export interface UnderlyingPriceInfo {
  /** Currency per unit. */
  price: number;
  /** The market's clock, ISO 8601. */
  market_time: string;
}

/**
 * Oldest first. `omitted`: how many come after these; ask again with the last one's `market_time` as `after`.
 *
 * `forgotten`: how many older ones are no longer kept.
 */
export interface UnderlyingPricesData {
  /** The underlying's symbol. */
  symbol: string;
  /** Prices of the underlying, oldest first. */
  prices: UnderlyingPriceInfo[];
  /** How many more come after these; ask again with `after`. */
  omitted: number;
  /** How many older ones are no longer kept. */
  forgotten: number;
}

/** Stop reading these channels. */
export interface Unsubscribe {
  /** What the client asks for, or what is answered. */
  op: "unsubscribe";
  /** The channels that were subscribed or unsubscribed; null in any other answer. */
  channels: string[];
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id?: string | null;
}

/**
 * First message, and again after a login. State as of `next_seq` - 1; team fields are null while anonymous.
 *
 * `orders`: the oldest open ones, `MAX_ORDERS_SHOWN` at most; `orders_omitted`: how many more there are, which
 * `GET /orders` pages from the last of these on.
 */
export interface Welcome {
  /** The message's name. */
  type: "welcome";
  /** The connection's id, for the organiser's log. */
  session_id: string;
  /** One more after each unclean stop of the exchange. */
  epoch: number;
  /** The team's id; null while the connection is anonymous. */
  team_id: string | null;
  /** The `seq` of the team's next private event; everything else here is the state before that event. Null while the connection is anonymous. */
  next_seq: number | null;
  /** The net position in every instrument ever traded, by symbol; null while the connection is anonymous. */
  positions: Record<string, number> | null;
  /** Money, limits, and how much of them is used; null while the connection is anonymous. */
  account: AccountInfo | null;
  /** The team's open orders, the 1,000 oldest, oldest first; null while the connection is anonymous. */
  orders: OrderInfo[] | null;
  /** How many more open orders there are; `GET /orders?after=` goes on from the last of `orders`. */
  orders_omitted?: number;
  /** Seconds of silence after which the exchange sends a `heartbeat`. */
  heartbeat_seconds: number;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/** All six fields are always present; absent values are null. `timestamp` is ISO 8601 UTC with microseconds. */
export interface ApiResponse<Data> {
  /** Whether it was done. If not, `error` says why, and nothing was changed. */
  success: boolean;
  /** The id that the client gave the request, else one that the exchange made. Repeated in the answer. */
  request_id: string;
  /** The order that the request was about; null if it was about none. */
  order_id: string | null;
  /** The data that was asked for; null if there is none. */
  data: Data | null;
  /** Why it was not done; null if it was. */
  error: ApiError | null;
  /** When it happened, or was answered: ISO 8601 UTC with microseconds. One command has one time. */
  timestamp: string;
}

/** Events of the team's private stream. */
export type PrivateMessage =
  | NewOrderAck
  | ExecutionReport
  | OrderCancelled
  | OrderAmended
  | ProtectionTriggered
  | PositionUpdate
  | TradeBusted
  | DutyStatus
  | Signal;

/** What public channels tell. */
export type PublicMessage =
  | BookSnapshot
  | BookUpdate
  | TopOfBook
  | AuctionIndicative
  | Trade
  | TradeBusted
  | SessionStatus
  | InstrumentListed
  | InstrumentExpired
  | Settlement
  | News
  | Announcement
  | UnderlyingPrice
  | Greeks
  | Leaderboard;

/** About the connection. */
export type ConnectionMessage =
  | Welcome
  | Heartbeat
  | Ack
  | StreamError;

/** What a client can ask on `/ws`. */
export type ClientMessage =
  | Login
  | Resume
  | Subscribe
  | Unsubscribe
  | CancelOnDisconnect
  | Ping;

/** Every message of the server on `/ws`. */
export type ServerMessage = PrivateMessage | PublicMessage | ConnectionMessage;
