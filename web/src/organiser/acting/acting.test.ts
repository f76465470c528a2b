import { beforeEach, expect, test } from "vitest";

import { Rest } from "../../exchange/rest";
import { Frames } from "../../frames/frames";
import { Acting, type Asking } from "./acting";

let asked: { address: string; body: unknown }[];
let answers: { status: number; success: boolean; data: unknown; error: unknown }[];
let done: number;
let acting: Acting;
let posed: Asking[];

const DONE = { status: 200, success: true, data: null, error: null };

function refusal(code: string, message: string) {
  return { status: 409, success: false, data: null, error: { code, message, details: null } };
}

beforeEach(() => {
  [asked, answers, posed, done] = [[], [DONE], [], 0];
  const rest = new Rest(
    () => ({ team: null, organiser: "key", organiserName: "Ada" }),
    (address, request) => {
      asked.push({ address: String(address), body: JSON.parse(String(request?.body ?? "null")) });
      const { status, ...answer } = answers.shift() ?? DONE;
      return Promise.resolve(Response.json({ request_id: "", order_id: null, timestamp: "", ...answer }, { status }));
    },
  );
  acting = new Acting(new Frames(), rest, () => (done += 1));
});

/** Answer the question with each of `reasons` in turn, as a person who tries again; what was wrong each time. */
function answering(...reasons: string[]): (string | null)[] {
  const wrong: (string | null)[] = [];
  acting.pose = async (asking) => {
    posed.push(asking);
    for (const reason of reasons) wrong.push(await asking.perform(reason));
  };
  return wrong;
}

test("nothing is sent before the question is answered, and nothing if it is left", async () => {
  answering();
  expect(await acting.act("POST /admin/halt", { body: {} })).toEqual({ done: false });
  expect(posed[0]).toMatchObject({ verb: "Halt trading", hurts: true });
  expect([asked, done]).toEqual([[], 0]);
});

test("the reason goes with what is done, and panels look again", async () => {
  const wrong = answering("Fire alarm");
  const path = { instrument_id: "SPY" };
  expect(await acting.act("POST /admin/instruments/{instrument_id}/halt", { path }, "SPY")).toMatchObject({
    done: true,
  });
  expect(asked).toEqual([{ address: "/admin/instruments/SPY/halt", body: { reason: "Fire alarm" } }]);
  expect([wrong, done, acting.said.now]).toEqual([[null], 1, "Done: halt instrument, SPY"]);
});

test("without a reason none is sent", async () => {
  answering("");
  await acting.act("POST /admin/announce", { body: { text: "Lunch" } });
  expect(asked[0]?.body).toEqual({ text: "Lunch" });
});

test("a refusal is told with its code while the question is open, and may be mended", async () => {
  answers = [refusal("MARKET_CLOSED", "A session is under way"), DONE];
  const wrong = answering("now", "again");
  expect(await acting.act("POST /admin/session", { body: { action: "start" } })).toMatchObject({ done: true });
  expect(wrong).toEqual(["Refused, MARKET_CLOSED: A session is under way", null]);
});

test("what was refused for good is not done, and nothing is said", async () => {
  answers = [refusal("TEAM_NOT_FOUND", "There is no such team")];
  answering("x");
  const path = { team_id: "TEAM_9" };
  expect(await acting.act("POST /admin/teams/{team_id}/suspend", { path }, "TEAM_9")).toEqual({ done: false });
  expect([done, acting.said.now]).toEqual([0, ""]);
});

test("what moves the market secretly needs a reason, a mere headline does not", async () => {
  answering();
  await acting.act("POST /admin/news", { body: { headline: "Quiet day" } });
  await acting.act("POST /admin/news", { body: { headline: "Crash", jump_percent: -3 } });
  expect(posed.map(({ hurts }) => hurts)).toEqual([false, true]);
  expect(posed[1]?.consequence).toContain("jumps by -3 %");
});
