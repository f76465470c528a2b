import { expect, test } from "vitest";

import type { ServerMessage } from "../protocol/messages";
import { type Condition, Stream } from "./stream";

/** A socket that a test drives: what was sent, and what is heard. */
class HandSocket {
  readyState = WebSocket.OPEN as number;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  welcome(team: string | null = null, nextSeq: number | null = null): void {
    this.say({ type: "welcome", team_id: team, next_seq: nextSeq, heartbeat_seconds: 10 });
  }

  lose(code = 1006, reason = ""): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.({ code, reason });
  }
}

function stage() {
  const sockets: HandSocket[] = [];
  const timers: { at: number; run: () => void }[] = [];
  const conditions: Condition[] = [];
  const heard: ServerMessage[] = [];
  let now = 0;
  let beginnings = 0;
  const stream = new Stream(
    {
      message: (message) => heard.push(message),
      condition: (condition) => conditions.push(condition),
      beginning: () => (beginnings += 1),
    },
    {
      connect: () => {
        const socket = new HandSocket();
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      now: () => now,
      later: (run, ms) => {
        const timer = { at: now + ms, run };
        timers.push(timer);
        return () => {
          const place = timers.indexOf(timer);
          if (place >= 0) timers.splice(place, 1);
        };
      },
      chance: () => 0.5,
    },
  );
  return {
    stream,
    conditions,
    heard,
    get socket(): HandSocket {
      return sockets.at(-1) as HandSocket;
    },
    get connections() {
      return sockets.length;
    },
    get beginnings() {
      return beginnings;
    },
    /** Let so many milliseconds pass, timer by timer. */
    pass(ms: number): void {
      const end = now + ms;
      for (;;) {
        timers.sort((a, b) => a.at - b.at);
        const next = timers[0];
        if (next === undefined || next.at > end) break;
        timers.shift();
        now = next.at;
        next.run();
      }
      now = end;
    },
  };
}

const settled = (): Promise<void> => Promise.resolve();

test("what views want is asked for together, once, and let go when the last view has gone", async () => {
  const on = stage();
  const one = on.stream.want("top:*");
  const two = on.stream.want("top:*");
  on.stream.want("market");
  on.stream.open(null);
  on.socket.welcome();
  expect(on.socket.sent).toEqual([{ op: "subscribe", channels: ["top:*", "market"] }]);
  one();
  one();
  await settled();
  expect(on.socket.sent).toHaveLength(1);
  two();
  await settled();
  expect(on.socket.sent.at(-1)).toEqual({ op: "unsubscribe", channels: ["top:*"] });
});

test("a lost connection comes back by itself, later each time, and asks for its channels again", () => {
  const on = stage();
  on.stream.want("market");
  on.stream.open(null);
  on.socket.welcome();
  on.socket.lose();
  expect(on.conditions.at(-1)).toBe("lost");
  on.pass(250);
  expect(on.connections).toBe(2);
  on.socket.lose();
  on.pass(499);
  expect(on.connections).toBe(2);
  on.pass(1);
  on.socket.welcome();
  expect(on.conditions.at(-1)).toBe("live");
  expect(on.socket.sent).toEqual([{ op: "subscribe", channels: ["market"] }]);
  expect(on.beginnings).toBe(2);
});

test("a team logs in after the first welcome, and goes on after the last event that it has heard", () => {
  const on = stage();
  on.stream.open("key");
  on.socket.welcome();
  expect(on.socket.sent).toEqual([{ op: "login", api_key: "key", after_seq: null }]);
  on.socket.welcome("TEAM_1", 5);
  on.socket.say({ type: "position_update", seq: 5 });
  on.socket.lose();
  on.pass(250);
  on.socket.welcome();
  expect(on.socket.sent).toEqual([{ op: "login", api_key: "key", after_seq: 5 }]);
});

test("a team that heard nothing goes on after its welcome", () => {
  const on = stage();
  on.stream.open("key");
  on.socket.welcome();
  on.socket.welcome("TEAM_1", 8);
  on.socket.lose();
  on.pass(250);
  on.socket.welcome();
  expect(on.socket.sent).toEqual([{ op: "login", api_key: "key", after_seq: 7 }]);
});

test("a wrong key is told and not tried again", () => {
  const on = stage();
  on.stream.open("wrong");
  on.socket.welcome();
  on.socket.lose(4001, "UNAUTHENTICATED");
  on.pass(60_000);
  expect(on.conditions.at(-1)).toBe("refused");
  expect(on.connections).toBe(1);
});

test("a connection that says nothing is told as silent, then given up for another", () => {
  const on = stage();
  on.stream.open(null);
  on.socket.welcome();
  on.pass(15_000);
  expect(on.conditions.at(-1)).toBe("live");
  on.pass(2_000);
  expect(on.conditions.at(-1)).toBe("silent");
  on.socket.say({ type: "heartbeat", seq: null });
  expect(on.conditions.at(-1)).toBe("live");
  on.pass(32_000);
  expect(on.connections).toBe(2);
});

test("a hidden page reads no public channel, and begins anew when it is seen", async () => {
  const on = stage();
  on.stream.want("market");
  on.stream.open(null);
  on.socket.welcome();
  on.stream.hidden = true;
  await settled();
  expect(on.socket.sent.at(-1)).toEqual({ op: "unsubscribe", channels: ["market"] });
  on.stream.hidden = false;
  await settled();
  expect(on.socket.sent.at(-1)).toEqual({ op: "subscribe", channels: ["market"] });
  expect(on.beginnings).toBe(2);
});

test("after it is closed nothing is heard and nothing connects", () => {
  const on = stage();
  on.stream.open(null);
  on.stream.close();
  on.socket.welcome();
  on.socket.lose();
  on.pass(60_000);
  expect(on.connections).toBe(1);
  expect(on.heard).toEqual([]);
});

test("a channel that the exchange does not have costs no other its subscription", () => {
  const on = stage();
  on.stream.want("top:*");
  on.stream.want("leaderboard");
  on.stream.open(null);
  on.socket.welcome();
  on.socket.say({ type: "error", op: "subscribe", code: "INVALID_CHANNEL", details: { channel: "leaderboard" } });
  expect(on.socket.sent.at(-1)).toEqual({ op: "subscribe", channels: ["top:*"] });
  on.socket.say({ type: "ack", op: "subscribe", channels: ["top:*"] });
  expect(on.socket.sent).toHaveLength(2);
});

test("what was asked for too soon is asked for again when the exchange says so", () => {
  const on = stage();
  on.stream.want("market");
  on.stream.open(null);
  on.socket.welcome();
  const details = { retry_after_seconds: 2 };
  on.socket.say({ type: "error", op: "subscribe", code: "RATE_LIMIT_EXCEEDED", details });
  on.pass(1_999);
  expect(on.socket.sent).toHaveLength(1);
  on.pass(1);
  expect(on.socket.sent[1]).toEqual({ op: "subscribe", channels: ["market"] });
});
