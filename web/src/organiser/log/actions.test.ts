import { expect, test } from "vitest";

import { Rest } from "../../exchange/rest";
import type { ActionInfo } from "../../protocol/messages";
import { ActionLog, termsOf } from "./actions";

function action(sequence: number, terms: Record<string, unknown> = {}): ActionInfo {
  return { sequence, timestamp: "", action: "announce", terms, by: null, reason: null, error: null };
}

test("the log is read page by page, then on from its end, and told newest first", async () => {
  const kept = [action(3), action(8), action(21)];
  const asked: number[] = [];
  const rest = new Rest(
    () => ({ team: null, organiser: "key", organiserName: null }),
    (address) => {
      const after = Number(new URL(String(address), "http://here").searchParams.get("after"));
      asked.push(after);
      const rest = kept.filter(({ sequence }) => sequence > after);
      const data = { actions: rest.slice(0, 2), omitted: Math.max(0, rest.length - 2), forgotten: 4 };
      return Promise.resolve(Response.json({ success: true, request_id: "", order_id: null, data, error: null }));
    },
  );
  const log = new ActionLog(rest);
  const sequences = async () => {
    const read = await log.read();
    return read.ok ? [read.data.actions.map(({ sequence }) => sequence), read.data.forgotten] : null;
  };
  expect(await sequences()).toEqual([[21, 8, 3], 4]);
  kept.push(action(30));
  expect(await sequences()).toEqual([[30, 21, 8, 3], 4]);
  expect(asked).toEqual([0, 8, 21]);
});

test("terms are said in a line; what was left empty is not", () => {
  expect(termsOf(action(1, { instrument_id: null }))).toBe("");
  expect(termsOf(action(1, { headline: "Crash", odds: { no_effect: 60 }, category: "" }))).toBe(
    "headline Crash, odds no effect 60",
  );
});
