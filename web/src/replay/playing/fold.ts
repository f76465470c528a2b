/** What a frame and the history before it tell, put into what panels show. */

import { marketSecond } from "../../market/seconds";
import type { Market } from "../../market/market";
import type { Own } from "../../market/own";
import type { FillInfo, ServerMessage } from "../../protocol/messages";
import type { SessionShown } from "../../protocol/replay";
import type { Answers, Frame, Line, Recording, View } from "../recording/recording";
import { sessionOfCommand, type Place } from "../moments/moments";

type Of<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;

/** What came before a frame's keyframe and is still shown; each oldest first. */
export interface Before {
  tape: Line[];
  /** Trades by instrument. */
  trades: ReadonlyMap<string, Line[]>;
  announcements: Line[];
  busts: Line[];
  fills: Line[];
  signals: Line[];
}

const SHOWN = { tape: 40, trades: 200, announcements: 20, busts: 1_000, fills: 500, signals: 100 } as const;

/** Everything that is shown at a place. `instruments`: those whose trades are wanted. */
export async function load(
  recording: Recording,
  at: Place,
  view: View,
  instruments: readonly string[],
): Promise<[Frame, Before]> {
  const frame = recording.frame(at, view);
  // The frame's own moment: a place of which more is read meanwhile would be another one for each request.
  const { moment } = await frame;
  const ask = (types: string, limit: number, of: string | null = null): Promise<Line[]> =>
    recording.history(types, moment, limit, view.team, of);
  const ofTeam = (types: string, limit: number): Promise<Line[]> =>
    view.team === null ? Promise.resolve([]) : ask(types, limit);
  const [tape, announcements, busts, fills, signals, ...trades] = await Promise.all([
    ask("trade", SHOWN.tape),
    ask("announcement", SHOWN.announcements),
    ask("trade_busted", SHOWN.busts),
    ofTeam("execution_report", SHOWN.fills),
    ofTeam("signal", SHOWN.signals),
    ...instruments.map((instrument) => ask("trade", SHOWN.trades, instrument)),
  ]);
  const ofInstruments = new Map(instruments.map((instrument, place) => [instrument, trades[place] ?? []]));
  return [await frame, { tape, trades: ofInstruments, announcements, busts, fills, signals }];
}

/** Takes a message, at its time. */
export type TakeLine = (line: Line) => void;

/** Show a frame in place of all that was shown; its messages are taken by `take`. */
export function show(
  market: Market,
  own: Own,
  [frame, before]: readonly [Frame, Before],
  sessions: readonly SessionShown[],
  take: TakeLine,
): void {
  market.forget();
  own.leave();
  takeBeginning(market, frame);
  for (const lines of [before.tape, ...before.trades.values(), before.fills, before.signals]) {
    learnSeconds(market, lines, sessions);
  }
  for (const [, , message] of before.announcements) market.take(message);
  for (const line of frame.messages) take(line);
  market.takeTape(messagesOf(before.tape, "trade"));
  for (const [instrument, lines] of before.trades) market.takeTrades(instrument, messagesOf(lines, "trade"));
  if (own.teamId.now === null) return;
  own.takeFills(fillsOf(before));
  own.takeSignals(messagesOf(before.signals, "signal"));
  takeNewer(market, own, frame.answers);
  const positions = frame.answers["GET /positions"];
  if (positions != null) own.takePositions(positions);
}

/** Take what a newer keyframe answers, of what no message tells. */
export function takeNewer(market: Market, own: Own, answers: Answers): void {
  const { "GET /account": account, "GET /account/pnl": pnl, "GET /leaderboard": leaderboard } = answers;
  if (account != null && own.teamId.now !== null) own.takeAccount(account);
  if (pnl != null && own.teamId.now !== null) own.takePnl(pnl);
  if (leaderboard != null && market.leaderboard.now === null) market.takeLeaderboard(leaderboard);
}

function takeBeginning(market: Market, { answers }: Frame): void {
  const { "GET /instruments": instruments, "GET /market": state, "GET /news": news } = answers;
  if (instruments != null) market.takeInstruments(instruments.instruments);
  if (state != null) market.takeMarket(state);
  if (news != null) market.takeNews(news.news);
  const leaderboard = answers["GET /leaderboard"];
  if (leaderboard != null) market.takeLeaderboard(leaderboard);
}

/** When in the market something of long ago was, its line tells. */
function learnSeconds(market: Market, lines: readonly Line[], sessions: readonly SessionShown[]): void {
  for (const [sequence, ms, message] of lines) {
    const begins = sessionOfCommand(sessions, sequence)?.begins_at ?? null;
    if (begins !== null && "timestamp" in message && typeof message.timestamp === "string") {
      market.seconds.note(message.timestamp, marketSecond(begins) + Math.floor(ms / 1_000));
    }
  }
}

function messagesOf<Type extends ServerMessage["type"]>(lines: readonly Line[], type: Type): Of<Type>[] {
  return lines.flatMap(([, , message]) => (message.type === type ? [message as Of<Type>] : []));
}

function fillsOf({ fills, busts }: Before): FillInfo[] {
  const busted = new Set(messagesOf(busts, "trade_busted").map(({ trade_id }) => trade_id));
  return messagesOf(fills, "execution_report").map((fill) => ({ ...fill, busted: busted.has(fill.trade_id) }));
}
