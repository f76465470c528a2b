import { expect, test } from "vitest";

import type { ServerMessage } from "../../protocol/messages";
import type { Moment } from "../../protocol/replay";
import type { Place } from "../moments/moments";
import type { Line, Slice } from "../recording/recording";
import { FOLD_SPEED, Playing } from "./playing";

const moment = (ms: number, sequence: number): Moment => ({ session: 1, ms, sequence });

/** A session with a message each second of an hour, each by a command of its own. */
class Session {
  readonly taken: number[] = [];
  readonly frames: Place[] = [];
  /** How far slices were asked for, each. */
  readonly asked: number[] = [];
  readonly failures: unknown[] = [];
  seconds = 3_600;
  isDown = false;
  readonly playing = new Playing({
    end: () => moment(this.seconds * 1_000, this.seconds),
    slice: (after, to) => {
      this.asked.push(to.ms);
      return this.isDown ? Promise.reject(new Error("down")) : Promise.resolve(this.#slice(after, to.ms));
    },
    frame: (place) => {
      this.frames.push(place);
      this.playing.framed(moment(place.ms, Math.floor(place.ms / 1_000)));
      return Promise.resolve();
    },
    take: ([sequence]) => this.taken.push(sequence),
    taken: () => {},
    fail: (failure) => this.failures.push(failure),
  });

  #slice(from: Moment, ms: number): Slice {
    const last = Math.floor(ms / 1_000);
    const messages: Line[] = [];
    for (let second = from.sequence + 1; second <= last; second += 1) {
      messages.push([second, second * 1_000, { type: "pong" } as unknown as ServerMessage]);
    }
    return { from, to: moment(last * 1_000, last), is_end: last === this.seconds, messages, answers: null };
  }

  /** Frames of the page, 20 ms apart, until `until` of page time; all that is asked for has come by the next. */
  async run(speed: number, until: number, from = 0): Promise<boolean> {
    let isAtEnd = false;
    for (let now = from; now <= until; now += 20) {
      ({ isAtEnd } = this.playing.step(now, speed));
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    }
    return isAtEnd;
  }
}

test("messages are taken when their time comes, each once and in order", async () => {
  const session = new Session();
  session.playing.begin(moment(0, 0), 0);
  await session.run(10, 3_050);
  expect(session.taken).toEqual(Array.from({ length: 30 }, (_, place) => place + 1));
});

test("only a little is fetched ahead", async () => {
  const session = new Session();
  session.playing.begin(moment(0, 0), 0);
  await session.run(FOLD_SPEED, 10_000);
  const played = 10_000 * FOLD_SPEED;
  expect(session.asked.at(-1)).toBeLessThanOrEqual(played + 180_000);
  expect(session.taken.length).toBeGreaterThan(590);
});

test("faster, whole frames are shown, some a second", async () => {
  const session = new Session();
  session.playing.begin(moment(0, 0), 0);
  await session.run(1_000, 1_000);
  expect(session.taken).toEqual([]);
  expect(session.frames.length).toBeLessThanOrEqual(6);
  expect(session.frames.at(-1)?.ms).toBe(1_000_000);
});

test("the end of what is read is told at both kinds of speed, and playing goes on when more is read", async () => {
  for (const speed of [FOLD_SPEED, 1_000]) {
    const session = new Session();
    session.seconds = 30;
    session.playing.begin(moment(0, 0), 0);
    expect(await session.run(speed, 200)).toBe(false);
    expect(await session.run(speed, 2_000, 220)).toBe(true);
    session.seconds = 60;
    expect(await session.run(speed, 2_020, 2_020)).toBe(false);
    expect(await session.run(speed, 4_000, 2_040)).toBe(true);
  }
});

test("a page that was hidden goes on where it stopped", async () => {
  const session = new Session();
  session.playing.begin(moment(0, 0), 0);
  await session.run(1, 1_000);
  await session.run(1, 600_000, 600_000);
  expect(session.taken).toEqual([1]);
});

test("what was fetched for another place is not taken", async () => {
  const session = new Session();
  session.playing.begin(moment(0, 0), 0);
  session.playing.step(0, 10);
  session.playing.begin(moment(600_000, 600), 600_000);
  await session.run(10, 2_000);
  expect(session.taken[0]).toBe(601);
});

test("a failed request is told, and asked again by the next step", async () => {
  const session = new Session();
  session.isDown = true;
  session.playing.begin(moment(0, 0), 0);
  await session.run(10, 20);
  expect(session.failures.length).toBeGreaterThan(0);
  session.isDown = false;
  await session.run(10, 2_040, 40);
  expect(session.taken[0]).toBe(1);
});
