/** What the organiser's panels know: the answers to questions that are asked again and again, and what can be done. */

import { getContext, setContext } from "svelte";

import type { Exchange } from "../exchange/exchange";
import type { Refused } from "../exchange/rest";
import { Cell } from "../frames/cells.svelte";
import type { FairnessData, HealthData, MarketData, SurveillanceData } from "../protocol/messages";
import { Acting, provideActing } from "./acting/acting";
import { readMetrics } from "./health/metrics";
import { type Compared, MetricsWindow } from "./health/window";
import { ActionLog, type LogView } from "./log/actions";
import { Poll } from "./polling/poll";
import { Findings } from "./surveillance/findings";
import { type TeamsView, TeamsWatch } from "./teams/watched";

const TEAMS_MS = 2_000;
const MARKET_MS = 5_000;
const ACTIONS_MS = 3_000;

const HEALTH_MS = 2_000;
const METRICS_MS = 5_000;
const SURVEILLANCE_MS = 10_000;
const FAIRNESS_MS = 15_000;

const CONTEXT = Symbol("console");

export class OrganiserConsole {
  readonly teams: Poll<TeamsView>;
  readonly market: Poll<MarketData>;
  readonly actions: Poll<LogView>;
  readonly health: Poll<HealthData>;
  readonly metrics: Poll<Compared>;
  /** Null where the scenario is not scored. */
  readonly surveillance: Poll<SurveillanceData | null>;
  readonly fairness: Poll<FairnessData>;
  /** The id of the team that is open; null if none is. */
  readonly team: Cell<string | null>;
  readonly acting: Acting;

  constructor({ frames, rest, market }: Exchange) {
    const watch = new TeamsWatch(rest);
    this.teams = new Poll(frames, TEAMS_MS, () => watch.read());
    this.market = new Poll(frames, MARKET_MS, async () => {
      const answer = await rest.ask("GET /market");
      // Speed and plans of a session are on no channel.
      if (answer.ok) market.takeMarket(answer.data);
      return answer;
    });
    const log = new ActionLog(rest);
    this.actions = new Poll(frames, ACTIONS_MS, () => log.read());
    this.health = new Poll(frames, HEALTH_MS, () => rest.ask("GET /health"));
    const window = new MetricsWindow();
    this.metrics = new Poll(frames, METRICS_MS, async () => {
      const answer = await readMetrics();
      return answer.ok ? { ok: true, data: window.take(answer.data, performance.now()) } : answer;
    });
    const findings = new Findings(rest);
    this.surveillance = new Poll(frames, SURVEILLANCE_MS, () => findings.read());
    this.fairness = new Poll(frames, FAIRNESS_MS, () => rest.ask("GET /fairness"));
    this.team = new Cell<string | null>(frames, null);
    this.acting = new Acting(frames, rest, () => {
      for (const poll of this.#polls) poll.soon();
    });
  }

  /** Begin to ask; the returned function ends it. */
  start(): () => void {
    const ends = this.#polls.map((poll) => poll.start());
    return () => {
      for (const end of ends) end();
    };
  }

  /** What went wrong with the last attempts, of this frame. */
  get troubles(): Refused[] {
    return this.#polls.flatMap(({ trouble }) => trouble.shown ?? []);
  }

  /** When the oldest of the newest answers came; null before all have come. */
  get at(): number | null {
    const all = this.#polls.map(({ latest }) => latest.shown?.at ?? null);
    return all.includes(null) ? null : Math.min(...(all as number[]));
  }

  get #polls() {
    return [this.teams, this.market, this.actions, this.health, this.metrics, this.surveillance, this.fairness];
  }
}

export function provideConsole(desk: OrganiserConsole): void {
  setContext(CONTEXT, desk);
  provideActing(desk.acting);
}

/** The console of this page; to be called while a component begins. */
export function useConsole(): OrganiserConsole {
  return getContext<OrganiserConsole>(CONTEXT);
}
