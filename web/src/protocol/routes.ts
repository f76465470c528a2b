// Written by web/write_types.py from the exchange's own documents. Do not edit.

import type {
  AccountData,
  ActionsData,
  AmendData,
  AmendRequest,
  AnnounceRequest,
  BatchData,
  BatchRequest,
  BustedData,
  CancelAfterData,
  CancelAfterRequest,
  CancelledData,
  CreateTeamRequest,
  DuplicateData,
  FairnessData,
  FillsData,
  GreeksData,
  HaltRequest,
  HealthData,
  InstrumentsData,
  KeyData,
  LeaderboardData,
  MarketData,
  NewsData,
  NewsRequest,
  OrderBookData,
  OrderData,
  OrderRequest,
  OrdersData,
  PhaseRequest,
  PnlData,
  PositionsData,
  ProtectionData,
  ProtectionRequest,
  ProtectionResetRequest,
  PublishedData,
  QuotesData,
  QuotesRequest,
  ReasonRequest,
  RegisteredData,
  SanctionRequest,
  ScoreData,
  SessionRequest,
  SettleRequest,
  SpeedRequest,
  StandingData,
  SurveillanceData,
  TeamData,
  TeamRequest,
  TeamsData,
  TradesData,
  UnderlyingPricesData,
} from "./messages";

/** Every route: the parameters of its path and its query, its body, and the data of an answer. */
export interface Routes {
  /** Get account. */
  "GET /account": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: AccountData;
  };
  /** Explain own P&L. */
  "GET /account/pnl": {
    path: undefined;
    query: { instrument_id?: string };
    body: undefined;
    data: PnlData;
  };
  /** Get own score. */
  "GET /account/score": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: ScoreData;
  };
  /** List actions. */
  "GET /admin/actions": {
    path: undefined;
    query: { after?: number; limit?: number };
    body: undefined;
    data: ActionsData;
  };
  /** Announce. */
  "POST /admin/announce": {
    path: undefined;
    query: undefined;
    body: AnnounceRequest;
    data: null;
  };
  /** Withdraw commitment. */
  "POST /admin/fairness/withdraw": {
    path: undefined;
    query: undefined;
    body: ReasonRequest | undefined;
    data: FairnessData;
  };
  /** Halt trading. */
  "POST /admin/halt": {
    path: undefined;
    query: undefined;
    body: HaltRequest | undefined;
    data: MarketData;
  };
  /** Halt instrument. */
  "POST /admin/instruments/{instrument_id}/halt": {
    path: { instrument_id: string };
    query: undefined;
    body: ReasonRequest | undefined;
    data: InstrumentsData;
  };
  /** Resume instrument. */
  "POST /admin/instruments/{instrument_id}/resume": {
    path: { instrument_id: string };
    query: undefined;
    body: ReasonRequest | undefined;
    data: InstrumentsData;
  };
  /** Publish news. */
  "POST /admin/news": {
    path: undefined;
    query: undefined;
    body: NewsRequest;
    data: PublishedData;
  };
  /** Set phase. */
  "POST /admin/phase": {
    path: undefined;
    query: undefined;
    body: PhaseRequest;
    data: MarketData;
  };
  /** Resume trading. */
  "POST /admin/resume": {
    path: undefined;
    query: undefined;
    body: HaltRequest | undefined;
    data: MarketData;
  };
  /** Start or end session. */
  "POST /admin/session": {
    path: undefined;
    query: undefined;
    body: SessionRequest;
    data: MarketData;
  };
  /** Settle instrument. */
  "POST /admin/settle": {
    path: undefined;
    query: undefined;
    body: SettleRequest;
    data: InstrumentsData;
  };
  /** Set speed. */
  "POST /admin/speed": {
    path: undefined;
    query: undefined;
    body: SpeedRequest;
    data: MarketData;
  };
  /** List findings. */
  "GET /admin/surveillance": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: SurveillanceData;
  };
  /** Create team. */
  "POST /admin/teams": {
    path: undefined;
    query: undefined;
    body: CreateTeamRequest;
    data: RegisteredData;
  };
  /** List teams. */
  "GET /admin/teams": {
    path: undefined;
    query: { after?: string; limit?: number };
    body: undefined;
    data: TeamsData;
  };
  /** Pardon team. */
  "POST /admin/teams/{team_id}/pardon": {
    path: { team_id: string };
    query: undefined;
    body: ReasonRequest | undefined;
    data: StandingData;
  };
  /** Reinstate team. */
  "POST /admin/teams/{team_id}/reinstate": {
    path: { team_id: string };
    query: undefined;
    body: ReasonRequest | undefined;
    data: TeamData;
  };
  /** Rotate team's key. */
  "POST /admin/teams/{team_id}/rotate-key": {
    path: { team_id: string };
    query: undefined;
    body: ReasonRequest | undefined;
    data: KeyData;
  };
  /** Sanction team. */
  "POST /admin/teams/{team_id}/sanction": {
    path: { team_id: string };
    query: undefined;
    body: SanctionRequest;
    data: StandingData;
  };
  /** Suspend team. */
  "POST /admin/teams/{team_id}/suspend": {
    path: { team_id: string };
    query: undefined;
    body: ReasonRequest | undefined;
    data: TeamData;
  };
  /** Bust trade. */
  "POST /admin/trades/{trade_id}/bust": {
    path: { trade_id: string };
    query: undefined;
    body: ReasonRequest | undefined;
    data: BustedData;
  };
  /** Get fairness. */
  "GET /fairness": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: FairnessData;
  };
  /** List fills. */
  "GET /fills": {
    path: undefined;
    query: { after?: string; limit?: number };
    body: undefined;
    data: FillsData;
  };
  /** List greeks. */
  "GET /greeks": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: GreeksData;
  };
  /** Get health. */
  "GET /health": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: HealthData;
  };
  /** List instruments. */
  "GET /instruments": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: InstrumentsData;
  };
  /** Get instrument. */
  "GET /instruments/{instrument_id}": {
    path: { instrument_id: string };
    query: undefined;
    body: undefined;
    data: InstrumentsData;
  };
  /** Get leaderboard. */
  "GET /leaderboard": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: LeaderboardData;
  };
  /** Get market. */
  "GET /market": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: MarketData;
  };
  /** List news. */
  "GET /news": {
    path: undefined;
    query: { after?: string; limit?: number };
    body: undefined;
    data: NewsData;
  };
  /** Get order book. */
  "GET /orderbook/{instrument_id}": {
    path: { instrument_id: string };
    query: { depth?: number };
    body: undefined;
    data: OrderBookData;
  };
  /** Submit order. */
  "POST /orders": {
    path: undefined;
    query: undefined;
    body: OrderRequest;
    data: DuplicateData | null;
  };
  /** Cancel orders. */
  "DELETE /orders": {
    path: undefined;
    query: { instrument_id?: string; side?: "buy" | "sell" };
    body: undefined;
    data: CancelledData;
  };
  /** List orders. */
  "GET /orders": {
    path: undefined;
    query: { status?: "closed" | "open"; limit?: number; after?: string; before?: string };
    body: undefined;
    data: OrdersData;
  };
  /** Submit orders. */
  "POST /orders/batch": {
    path: undefined;
    query: undefined;
    body: BatchRequest;
    data: BatchData;
  };
  /** Cancel order by client id. */
  "DELETE /orders/by-client-id/{client_order_id}": {
    path: { client_order_id: string };
    query: undefined;
    body: undefined;
    data: null;
  };
  /** Get order by client id. */
  "GET /orders/by-client-id/{client_order_id}": {
    path: { client_order_id: string };
    query: undefined;
    body: undefined;
    data: OrderData;
  };
  /** Cancel after. */
  "POST /orders/cancel-after": {
    path: undefined;
    query: undefined;
    body: CancelAfterRequest;
    data: CancelAfterData;
  };
  /** Validate order. */
  "POST /orders/validate": {
    path: undefined;
    query: undefined;
    body: OrderRequest;
    data: null;
  };
  /** Amend order. */
  "PATCH /orders/{order_id}": {
    path: { order_id: string };
    query: undefined;
    body: AmendRequest;
    data: AmendData;
  };
  /** Cancel order. */
  "DELETE /orders/{order_id}": {
    path: { order_id: string };
    query: undefined;
    body: undefined;
    data: null;
  };
  /** Get order. */
  "GET /orders/{order_id}": {
    path: { order_id: string };
    query: undefined;
    body: undefined;
    data: OrderData;
  };
  /** Get positions. */
  "GET /positions": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: PositionsData;
  };
  /** Replace quotes. */
  "PUT /quotes": {
    path: undefined;
    query: undefined;
    body: QuotesRequest;
    data: QuotesData;
  };
  /** Set quote protection. */
  "PUT /quotes/protection": {
    path: undefined;
    query: undefined;
    body: ProtectionRequest;
    data: ProtectionData;
  };
  /** Get quote protection. */
  "GET /quotes/protection": {
    path: undefined;
    query: undefined;
    body: undefined;
    data: ProtectionData;
  };
  /** Reset quote protection. */
  "POST /quotes/protection/reset": {
    path: undefined;
    query: undefined;
    body: ProtectionResetRequest;
    data: ProtectionData;
  };
  /** Register team. */
  "POST /teams": {
    path: undefined;
    query: undefined;
    body: TeamRequest;
    data: RegisteredData;
  };
  /** Get team. */
  "GET /teams/{team_id}": {
    path: { team_id: string };
    query: undefined;
    body: undefined;
    data: TeamData;
  };
  /** Rotate own key. */
  "POST /teams/{team_id}/rotate-key": {
    path: { team_id: string };
    query: undefined;
    body: undefined;
    data: KeyData;
  };
  /** List trades. */
  "GET /trades/{instrument_id}": {
    path: { instrument_id: string };
    query: { limit?: number };
    body: undefined;
    data: TradesData;
  };
  /** List prices of underlying. */
  "GET /underlyings/{symbol}": {
    path: { symbol: string };
    query: { after?: string; limit?: number };
    body: undefined;
    data: UnderlyingPricesData;
  };
}
