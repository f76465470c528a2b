import { expect, test } from "vitest";

import type { Replay as Overview } from "../protocol/replay";
import { Recording } from "./recording/recording";
import { Replay } from "./replay.svelte";

const SECOND = 1_000;
const LAST = 100;
const moment = (sequence: number) => ({ session: 1, ms: sequence * SECOND, sequence });

/** A server of a session that has a command, and a trade in SPX, each second; `read` of them are read so far. */
class Server {
  read = LAST;
  readonly asked: URL[] = [];
  /** Answers wait while it is set. */
  gate: Promise<void> = Promise.resolve();

  readonly fetch = (async (address: string) => {
    const url = new URL(address, "http://replay");
    this.asked.push(url);
    await this.gate;
    const answer = this.#answer(url.pathname, url.searchParams);
    return new Response(JSON.stringify(answer), { status: "error" in answer ? 404 : 200 });
  }) as unknown as typeof fetch;

  places(path: string): (string | null)[] {
    return this.asked.filter(({ pathname }) => pathname === path).map(({ searchParams }) => searchParams.get("at"));
  }

  #answer(path: string, query: URLSearchParams): object {
    if (path === "/replay") return this.#overview();
    if (path === "/replay/marks") return { marks: [] };
    if (path === "/replay/largest-trades") return { trades: [] };
    if (path === "/replay/prices") {
      const sequence = Array.from({ length: this.read }, (_, place) => place + 1);
      return { symbols: { SPX: { ms: sequence.map((each) => each * SECOND), price: sequence, sequence } } };
    }
    if (path === "/replay/history") {
      const to = Number(query.get("to")?.split(":")[2]);
      const isTrades = query.get("types") === "trade";
      return { messages: isTrades ? [[to, to * SECOND, { ...trade(to) }]] : [] };
    }
    if (path !== "/replay/frame") return { error: { code: "NOT_FOUND", message: "There is nothing here" } };
    const [, ms = "0", named] = query.get("at")?.split(":") ?? [];
    const sequence = Math.min(Number(named ?? Math.floor(Number(ms) / SECOND)), this.read);
    const isTeam = query.get("team") === "TEAM_1";
    return {
      moment: moment(sequence),
      keyframe: moment(0),
      answers: { "GET /market": null, "GET /account/pnl": null },
      messages: [
        ...(isTeam ? [[0, 0, welcome()]] : []),
        [sequence, sequence * SECOND, { type: "underlying_price", symbol: "SPX", price: sequence, ...at(sequence) }],
      ],
    };
  }

  #overview(): Overview {
    const session = { session: 1, date: "2024-03-15", begins: moment(0), ends: moment(this.read), speed: 1 };
    return {
      scenario: "small",
      title: "Small",
      directory: "data",
      state: this.read < LAST ? "reading" : "complete",
      problem: null,
      note: null,
      progress: {},
      first: moment(0),
      last: moment(this.read),
      sessions: [{ ...session, begins_at: "2024-03-15T09:30:00-05:00", is_running: true }],
      teams: [],
      marks_count: 0,
      prices_count: this.read,
      keyframe_seconds: 60,
    };
  }
}

const at = (sequence: number) => ({
  market_time: `2024-03-15T09:3${Math.floor(sequence / 60)}:${String(sequence % 60).padStart(2, "0")}-05:00`,
  timestamp: new Date(Date.UTC(2026, 0, 5) + sequence).toISOString(),
});

const trade = (sequence: number) => ({
  type: "trade",
  trade_id: `TRD_${sequence}`,
  instrument_id: "SPX",
  ...at(sequence),
});

const welcome = () => ({ type: "welcome", team_id: "TEAM_1", next_seq: 1, orders: [], positions: { SPX: 7 } });

async function begun(): Promise<[Server, Replay]> {
  const server = new Server();
  const replay = new Replay(new Recording(server.fetch));
  await replay.known.look();
  return [server, replay];
}

test("a moment is shown as everybody saw it, and as a team did", async () => {
  const [, replay] = await begun();
  await replay.show({ session: 1, ms: 30_500 });
  expect(replay.moment).toEqual(moment(30));
  expect(replay.ms).toBe(30_500);
  expect(replay.market.underlyings.now("SPX")?.price).toBe(30);
  expect(replay.market.tape.now("all")?.view()[0]?.trade_id).toBe("TRD_30");
  expect(replay.own.teamId.now).toBeNull();
  replay.team = "TEAM_1";
  await replay.show({ session: 1, ms: 30_500 });
  expect(replay.own.positions.now("SPX")?.position).toBe(7);
});

test("nothing of a later moment is left after a jump back", async () => {
  const [, replay] = await begun();
  replay.team = "TEAM_1";
  await replay.show({ session: 1, ms: 90_000 });
  replay.team = null;
  await replay.show({ session: 1, ms: 10_000 });
  expect(replay.market.underlyings.now("SPX")?.price).toBe(10);
  expect(replay.market.tape.now("all")?.view()).toHaveLength(1);
  expect([...replay.own.positions.all()]).toEqual([]);
});

test("of places that are wished for while one is loaded only the newest is asked for", async () => {
  const [server, replay] = await begun();
  let open = (): void => {};
  server.gate = new Promise((go) => (open = go));
  const shown = replay.show({ session: 1, ms: 1_000 });
  for (const ms of [2_000, 3_000, 4_000]) void replay.show({ session: 1, ms });
  open();
  await shown;
  expect(server.places("/replay/frame")).toEqual(["1:1000", "1:4000"]);
  expect(replay.moment).toEqual(moment(4));
});

test("a place that is not read yet is shown when it is", async () => {
  const [server, replay] = await begun();
  server.read = 20;
  await replay.known.look();
  await replay.show({ session: 1, ms: 50_000 });
  expect(replay.moment).toEqual(moment(20));
  server.read = 40;
  await replay.known.look();
  expect(replay.awaited).toEqual({ session: 1, ms: 50_000 });
  server.read = LAST;
  await replay.known.look();
  await expect.poll(() => replay.moment).toEqual(moment(50));
  expect(replay.awaited).toBeNull();
});

test("what panels ask is answered as of the moment", async () => {
  const [, replay] = await begun();
  await replay.show({ session: 1, ms: 3_000 });
  const prices = await replay.rest.ask("GET /underlyings/{symbol}", { path: { symbol: "SPX" } });
  expect(prices.ok && prices.data.prices.map(({ price }) => price)).toEqual([1, 2, 3]);
  const account = await replay.rest.ask("GET /account");
  expect(account.ok).toBe(false);
});

test("a market second is a way to its end, and a person's jump leaves a way back", async () => {
  const [, replay] = await begun();
  await replay.show({ session: 1, ms: 3_000 });
  const jumps: unknown[] = [];
  replay.onJump = (place) => jumps.push(place);
  replay.recorded.jump(Date.UTC(2024, 2, 15, 9, 30, 40) / SECOND);
  expect(jumps).toEqual([{ session: 1, ms: 40_999 }]);
  await expect.poll(() => replay.moment).toEqual(moment(40));
});

test("a failed request is said in words, and ends playing", async () => {
  const replay = new Replay(new Recording(() => Promise.reject(new TypeError("Failed to fetch"))));
  await replay.show({ session: 1, ms: 0 });
  expect(replay.problem).toBe("The replay's server does not answer. Does `openoutcry view` still run?");
  expect(replay.isPlaying).toBe(false);
});
