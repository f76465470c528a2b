// Written by web/write_types.py from the exchange's own documents. Do not edit.

/** Something that happened, in a few words. */
export interface Mark {
  kind: "announcement" | "bust" | "halt" | "news" | "phase" | "sanction" | "suspension";
  moment: Moment;
  text: string;
  team_id: string | null;
  instrument_id: string | null;
}

/**
 * Just after the command `sequence`; 0: before the first one.
 *
 * `ms`: milliseconds of market time since the session's start. `session` counts sessions. It is 0 before the first
 * one, and in a scenario without a day: there `ms` is wall time since the first command.
 */
export interface Moment {
  session: number;
  ms: number;
  sequence: number;
}

/** What there is to see, as far as it was read. The counts grow: then there is more to be asked for. */
export interface Replay {
  scenario: string;
  title: string;
  directory: string;
  state: "complete" | "failed" | "following" | "reading";
  problem: string | null;
  note: string | null;
  progress: Record<string, number>;
  first: Moment | null;
  last: Moment | null;
  sessions: SessionShown[];
  teams: TeamShown[];
  marks_count: number;
  prices_count: number;
  keyframe_seconds: number;
}

export interface SessionShown {
  session: number;
  date: string | null;
  begins: Moment;
  ends: Moment;
  begins_at: string | null;
  speed: number;
  is_running: boolean;
}

/** `has_stream` False: it is one of the exchange's own, which is told nothing. */
export interface TeamShown {
  team_id: string;
  team_name: string;
  role: string;
  registered: Moment;
  has_stream: boolean;
}
