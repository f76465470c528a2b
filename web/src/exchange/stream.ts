/**
 * The WebSocket: one connection that comes back by itself.
 *
 * A team's private stream goes on where it stopped. Public channels are wanted by views, counted, and asked for again
 * after every connection; while the page is hidden none is read.
 */

import type { ClientMessage, ServerMessage } from "../protocol/messages";

/** `refused`: the exchange closed the connection for a reason that trying again would not mend. */
export type Condition = "connecting" | "live" | "silent" | "lost" | "refused";

export interface Hearing {
  message(message: ServerMessage): void;
  condition(condition: Condition, why: string | null): void;
  /** Public channels begin anew: what they told before may have gaps. */
  beginning(): void;
}

/** The parts of a browser that a stream uses; tests bring others. */
export interface Surroundings {
  connect(): WebSocket;
  now(): number;
  later(run: () => void, ms: number): () => void;
  chance(): number;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;
const CHANNELS_IN_A_MESSAGE = 100;
const CHECK_MS = 1_000;

/** A key that is wrong, a page that is not allowed: a person has to do something. */
const FINAL_CODES = new Set([4001, 4003]);

export class Stream {
  readonly #hearing: Hearing;
  readonly #around: Surroundings;
  readonly #wanted = new Map<string, number>();
  readonly #asked = new Set<string>();
  /** Channels of each subscription that is not answered yet; answers come in order. */
  readonly #unanswered: string[][] = [];
  /** Channels that this exchange does not have, such as the leaderboard of a scenario without scores. */
  readonly #refused = new Set<string>();
  #socket: WebSocket | null = null;
  #key: string | null = null;
  #lastSeq: number | null = null;
  #heardAt = 0;
  #heartbeatMs = 15_000;
  #wait = FIRST_WAIT_MS;
  #hidden = false;
  #ended = true;
  #asking = false;
  #condition: Condition = "connecting";
  #stopLater: () => void = () => {};
  #stopAskingLater: () => void = () => {};
  #stopCheck: () => void = () => {};

  constructor(hearing: Hearing, around: Surroundings = browser()) {
    this.#hearing = hearing;
    this.#around = around;
  }

  /** Connect, as the team of `key` or without one. */
  open(key: string | null): void {
    this.close();
    this.#ended = false;
    this.#key = key;
    this.#lastSeq = null;
    this.#wait = FIRST_WAIT_MS;
    this.#connect();
  }

  close(): void {
    this.#ended = true;
    this.#stopLater();
    this.#stopAskingLater();
    this.#stopCheck();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
  }

  /** Read `channel` until the returned function is called; any number of views may want the same one. */
  want(channel: string): () => void {
    if (!this.#wanted.has(channel)) this.#refused.delete(channel);
    this.#wanted.set(channel, (this.#wanted.get(channel) ?? 0) + 1);
    this.#adjustSoon();
    let isWanted = true;
    return () => {
      if (!isWanted) return;
      isWanted = false;
      const others = (this.#wanted.get(channel) ?? 1) - 1;
      if (others > 0) this.#wanted.set(channel, others);
      else this.#wanted.delete(channel);
      this.#adjustSoon();
    };
  }

  /** Have a channel begin anew, as after a gap in a book. */
  renew(channel: string): void {
    if (this.#asked.has(channel)) this.#ask("subscribe", [channel]);
  }

  /** Whether the page can be seen: a hidden one reads no public channel. */
  set hidden(hidden: boolean) {
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    if (!hidden && this.#asked.size === 0) this.#hearing.beginning();
    this.#adjustSoon();
  }

  // ---- the connection ----

  #connect(): void {
    this.#tell("connecting", null);
    const socket = this.#around.connect();
    this.#socket = socket;
    this.#asked.clear();
    this.#unanswered.length = 0;
    this.#refused.clear();
    this.#heardAt = this.#around.now();
    socket.onmessage = (event: MessageEvent<string>) => {
      if (this.#socket === socket) this.#hear(event.data);
    };
    socket.onclose = (event: CloseEvent) => {
      if (this.#socket === socket) this.#lose(event.code, event.reason);
    };
    this.#check();
  }

  #hear(text: string): void {
    this.#heardAt = this.#around.now();
    const message = JSON.parse(text) as ServerMessage;
    if ("seq" in message && typeof message.seq === "number" && message.type !== "heartbeat") {
      this.#lastSeq = message.seq;
    }
    if (message.type === "welcome") this.#greet(message.team_id, message.next_seq, message.heartbeat_seconds);
    else if (message.type === "error" && message.code === "RESUME_AHEAD") this.#lastSeq = null;
    if ((message.type === "ack" || message.type === "error") && message.op === "subscribe") {
      const channels = this.#unanswered.shift() ?? [];
      const { channel: refused, retry_after_seconds: wait } = (message.type === "error" && message.details) || {};
      if (typeof refused === "string") this.#leaveOut(refused, channels);
      else if (typeof wait === "number") this.#askLater(channels, wait);
    }
    this.#hearing.message(message);
    if (this.#condition === "silent") this.#tell("live", null);
  }

  #greet(team: string | null, nextSeq: number | null, heartbeatSeconds: number): void {
    this.#heartbeatMs = heartbeatSeconds * 1_000;
    if (this.#key !== null && team === null) {
      this.#send({ op: "login", api_key: this.#key, after_seq: this.#lastSeq });
      return;
    }
    if (this.#lastSeq === null && nextSeq !== null) this.#lastSeq = nextSeq - 1;
    this.#wait = FIRST_WAIT_MS;
    this.#tell("live", null);
    this.#hearing.beginning();
    this.#adjust();
  }

  #lose(code: number, reason: string): void {
    this.#socket = null;
    this.#asked.clear();
    this.#stopCheck();
    if (this.#ended) return;
    if (FINAL_CODES.has(code)) {
      this.#ended = true;
      this.#tell("refused", reason || `closed with code ${code}`);
      return;
    }
    this.#tell("lost", reason || null);
    const wait = this.#wait * (0.5 + this.#around.chance());
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    this.#stopLater = this.#around.later(() => this.#connect(), wait);
  }

  /** Notice a connection that is open and says nothing: first told as silent, then given up. */
  #check(): void {
    this.#stopCheck = this.#around.later(() => {
      const silent = this.#around.now() - this.#heardAt;
      if (silent > 3 * this.#heartbeatMs) {
        const socket = this.#socket;
        this.#lose(1006, "nothing was heard for too long");
        socket?.close(1000);
        return;
      }
      if (silent > 1.5 * this.#heartbeatMs && this.#condition === "live") this.#tell("silent", null);
      this.#check();
    }, CHECK_MS);
  }

  #tell(condition: Condition, why: string | null): void {
    this.#condition = condition;
    this.#hearing.condition(condition, why);
  }

  // ---- channels ----

  /** Views come and go in one go: what they want is asked for together. */
  #adjustSoon(): void {
    if (this.#asking) return;
    this.#asking = true;
    queueMicrotask(() => {
      this.#asking = false;
      this.#adjust();
    });
  }

  #adjust(): void {
    if (this.#condition !== "live" && this.#condition !== "silent") return;
    const wanted = this.#hidden ? new Set<string>() : new Set(this.#wanted.keys());
    const more = [...wanted].filter((channel) => !this.#asked.has(channel) && !this.#refused.has(channel));
    const less = [...this.#asked].filter((channel) => !wanted.has(channel));
    this.#ask("unsubscribe", less);
    this.#ask("subscribe", more);
    for (const channel of less) this.#asked.delete(channel);
    for (const channel of more) this.#asked.add(channel);
  }

  #ask(op: "subscribe" | "unsubscribe", channels: string[]): void {
    for (let start = 0; start < channels.length; start += CHANNELS_IN_A_MESSAGE) {
      const named = channels.slice(start, start + CHANNELS_IN_A_MESSAGE);
      if (op === "subscribe") this.#unanswered.push(named);
      this.#send({ op, channels: named });
    }
  }

  /** One channel that does not exist has all of its message refused: the others are asked for again. */
  #leaveOut(refused: string, channels: readonly string[]): void {
    this.#refused.add(refused);
    for (const channel of channels) this.#asked.delete(channel);
    this.#adjust();
  }

  /** Too much was asked for at once. */
  #askLater(channels: readonly string[], seconds: number): void {
    for (const channel of channels) this.#asked.delete(channel);
    this.#stopAskingLater();
    this.#stopAskingLater = this.#around.later(() => this.#adjust(), seconds * 1_000);
  }

  #send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

/** The browser's own clock and sockets. */
function browser(): Surroundings {
  return {
    connect: () => new WebSocket(new URL("/ws", location.href.replace(/^http/, "ws"))),
    now: () => performance.now(),
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    chance: () => Math.random(),
  };
}
