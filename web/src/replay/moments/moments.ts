/** Moments of a recorded session: written in links, and as market time. */

import { marketSecond } from "../../market/seconds";
import type { Moment, SessionShown } from "../../protocol/replay";

/** Where to go: without `sequence`, just after the last command of that millisecond. */
export interface Place {
  session: number;
  ms: number;
  sequence?: number;
}

const SECOND_MS = 1_000;
const PLACE = /^(\d{1,9}):(\d{1,15})(?::(\d{1,15}))?$/;

/** A place as the server and links write it: `1:60000`, or `1:60000:812` with the command. */
export function placeText({ session, ms, sequence }: Place): string {
  return sequence === undefined ? `${session}:${Math.round(ms)}` : `${session}:${Math.round(ms)}:${sequence}`;
}

/** Null for what is no place. */
export function readPlace(text: string | null): Place | null {
  const found = PLACE.exec(text ?? "");
  if (found === null) return null;
  const place = { session: Number(found[1]), ms: Number(found[2]) };
  return found[3] === undefined ? place : { ...place, sequence: Number(found[3]) };
}

/** The session of this number, or null. */
export function sessionOf(sessions: readonly SessionShown[], number: number): SessionShown | null {
  return sessions.find(({ session }) => session === number) ?? null;
}

/** The session in which this command came; null if none is known. */
export function sessionOfCommand(sessions: readonly SessionShown[], sequence: number): SessionShown | null {
  return sessions.findLast(({ begins }) => begins.sequence <= sequence) ?? null;
}

/** Market time `ms` after the session's start, ISO 8601; null where there is no market time. */
export function marketTimeAt(session: SessionShown | null, ms: number): string | null {
  if (session === null || session.begins_at === null) return null;
  const at = new Date(marketSecond(session.begins_at) * 1_000 + Math.floor(ms));
  const offset = /(?:[+-]\d\d:\d\d|Z)$/.exec(session.begins_at)?.[0] ?? "Z";
  return at.toISOString().replace("Z", offset);
}

/** The time of day at `ms` of the session; where there is none, the time since its start: `+0:00:12`. */
export function clockText(session: SessionShown | null, ms: number): string {
  const text = marketTimeAt(session, ms);
  if (text !== null) return text.slice(11, 19);
  return `+${new Date(Math.floor(ms)).toISOString().slice(11, 19)}`;
}

/**
 * The end of the second that `ms` is in: what happened in it is seen. At its start the exchange's own makers have just
 * taken back their orders.
 */
export function endOfSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS + SECOND_MS - 1;
}

/** Where a market second (as `marketSecond` gives it) ends; null if it is in no session. */
export function placeOfSecond(sessions: readonly SessionShown[], second: number): Place | null {
  for (const session of sessions.toReversed()) {
    if (session.begins_at === null) continue;
    const begins = marketSecond(session.begins_at);
    if (second < begins) continue;
    return { session: session.session, ms: Math.min(endOfSecond((second - begins) * SECOND_MS), session.ends.ms) };
  }
  return null;
}

/** Whether `place` is after all that was read so far. */
export function isBeyond(place: Place, last: Moment): boolean {
  if (place.sequence !== undefined) return place.sequence > last.sequence;
  return place.session > last.session || (place.session === last.session && place.ms > last.ms);
}
