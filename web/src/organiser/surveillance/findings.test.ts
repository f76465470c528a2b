import { expect, test } from "vitest";

import { Rest } from "../../exchange/rest";
import { Findings, listed } from "./findings";

let asked = 0;

function answering(status: number, answer: object): Rest {
  const keys = { team: null, organiser: "key", organiserName: null };
  const whole = { request_id: "", order_id: null, timestamp: "", ...answer };
  return new Rest(
    () => keys,
    () => {
      asked += 1;
      return Promise.resolve(Response.json(whole, { status }));
    },
  );
}

test("a scenario that is not scored has no findings; that is no trouble, and not asked again", async () => {
  const error = { code: "NO_SCORES", message: "not scored", details: null };
  const findings = new Findings(answering(404, { success: false, data: null, error }));
  asked = 0;
  expect(await findings.read()).toEqual({ ok: true, data: null });
  expect(await findings.read()).toEqual({ ok: true, data: null });
  expect(asked).toBe(1);
});

test("any other refusal is one", async () => {
  const error = { code: "UNAUTHENTICATED", message: "wrong key", details: null };
  expect(await new Findings(answering(401, { success: false, data: null, error })).read()).toMatchObject({ ok: false });
});

test("a list says how many it leaves out", () => {
  expect(listed(["TRD_1", "TRD_2"], 2)).toBe("TRD_1, TRD_2");
  expect(listed([7, 9], 12)).toBe("7, 9 and 10 more");
});
