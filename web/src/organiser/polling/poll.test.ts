import { beforeEach, expect, test } from "vitest";

import type { Refused } from "../../exchange/rest";
import { Frames } from "../../frames/frames";
import { type Ask, Poll, type Surroundings } from "./poll";

/** A page whose time passes when a test says so. */
class Page implements Surroundings {
  time = 1_000;
  isHidden = false;
  waits: { run: () => void; ms: number }[] = [];
  #sight = new Set<() => void>();

  now = () => this.time;
  hidden = () => this.isHidden;
  later = (run: () => void, ms: number) => {
    const waiting = { run, ms };
    this.waits.push(waiting);
    return () => {
      this.waits = this.waits.filter((each) => each !== waiting);
    };
  };
  onSight = (run: () => void) => {
    this.#sight.add(run);
    return () => this.#sight.delete(run);
  };

  /** Let what waits happen; the wait that it was. */
  async pass(): Promise<number | undefined> {
    const first = this.waits.shift();
    first?.run();
    await settled();
    return first?.ms;
  }

  async show(hidden: boolean): Promise<void> {
    this.isHidden = hidden;
    for (const run of this.#sight) run();
    await settled();
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const gone: Refused = { ok: false, status: 0, error: { code: "SERVICE_UNAVAILABLE", message: "gone", details: null } };

let page: Page;
let asked: number;
let answer: Awaited<ReturnType<Ask<number>>> | null;

function poll(): Poll<number> {
  const ask: Ask<number> = () => Promise.resolve(answer ?? { ok: true as const, data: (asked += 1) });
  return new Poll(new Frames(), 2_000, ask, page);
}

beforeEach(() => {
  page = new Page();
  asked = 0;
  answer = null;
});

test("asks at once, and again when its time has passed", async () => {
  const polled = poll();
  polled.start();
  await settled();
  expect(polled.latest.now).toEqual({ data: 1, at: 1_000 });
  expect(await page.pass()).toBe(2_000);
  expect(polled.latest.now?.data).toBe(2);
});

test("keeps the newest answer when one fails, and asks less often", async () => {
  const polled = poll();
  polled.start();
  await settled();
  answer = gone;
  await page.pass();
  expect(polled.latest.now?.data).toBe(1);
  expect(polled.trouble.now).toBe(gone);
  expect([await page.pass(), await page.pass(), await page.pass(), page.waits[0]?.ms]).toEqual([
    4_000, 8_000, 10_000, 10_000,
  ]);
  answer = null;
  await page.pass();
  expect(polled.trouble.now).toBeNull();
  expect(page.waits[0]?.ms).toBe(2_000);
});

test("rests in a hidden page, and asks at once when it is seen again", async () => {
  const polled = poll();
  polled.start();
  await settled();
  await page.show(true);
  await page.pass();
  expect([asked, page.waits.length]).toEqual([1, 0]);
  await page.show(false);
  expect(asked).toBe(2);
  await page.show(false);
  expect([asked, page.waits.length]).toEqual([2, 1]);
});

test("asks once more if something happened while an answer was on its way", async () => {
  const polled = poll();
  polled.start();
  polled.soon();
  await settled();
  expect(asked).toBe(1);
  expect(await page.pass()).toBe(0);
  expect(asked).toBe(2);
});

test("asks no more once it is ended", async () => {
  const polled = poll();
  const end = polled.start();
  end();
  await settled();
  expect([polled.latest.now, page.waits.length]).toEqual([null, 0]);
});
