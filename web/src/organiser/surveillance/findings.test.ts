import { expect, test } from "vitest";

import { Rest } from "../../exchange/rest";
import { listed, readFindings } from "./findings";

function answering(status: number, answer: object): Rest {
  const keys = { team: null, organiser: "key", organiserName: null };
  const whole = { request_id: "", order_id: null, timestamp: "", ...answer };
  return new Rest(
    () => keys,
    () => Promise.resolve(Response.json(whole, { status })),
  );
}

test("a scenario that is not scored has no findings, and that is no trouble", async () => {
  const error = { code: "NO_SCORES", message: "not scored", details: null };
  expect(await readFindings(answering(404, { success: false, data: null, error }))).toEqual({ ok: true, data: null });
});

test("any other refusal is one", async () => {
  const error = { code: "UNAUTHENTICATED", message: "wrong key", details: null };
  expect(await readFindings(answering(401, { success: false, data: null, error }))).toMatchObject({ ok: false });
});

test("a list says how many it leaves out", () => {
  expect(listed(["TRD_1", "TRD_2"], 2)).toBe("TRD_1, TRD_2");
  expect(listed([7, 9], 12)).toBe("7, 9 and 10 more");
});
