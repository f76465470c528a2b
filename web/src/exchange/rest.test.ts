import { expect, test } from "vitest";

import { Rest } from "./rest";

const KEYS = { team: "team's", organiser: "organiser's", organiserName: "Ada" };

function answering(status: number, answer: object) {
  const asked: { address: string; request: RequestInit }[] = [];
  const rest = new Rest(
    () => KEYS,
    (address, request) => {
      asked.push({ address: String(address), request: request ?? {} });
      return Promise.resolve(new Response(JSON.stringify(answer), { status }));
    },
  );
  return { rest, asked };
}

const SUCCESS = { success: true, request_id: "r", order_id: "ORD_1", data: null, error: null, timestamp: "" };

test("path and query are written into the address, and a team's route gets the team's key", async () => {
  const { rest, asked } = answering(200, SUCCESS);
  await rest.ask("GET /orderbook/{instrument_id}", { path: { instrument_id: "A/B" }, query: { depth: 5 } });
  expect(asked[0]?.address).toBe("/orderbook/A%2FB?depth=5");
  expect(asked[0]?.request.headers).toEqual({ "X-API-Key": "team's" });
});

test("an organiser's route gets the organiser's key and name, and not the team's", async () => {
  const { rest, asked } = answering(200, SUCCESS);
  await rest.ask("POST /admin/announce", { body: { text: "Lunch" } });
  expect(asked[0]?.request.headers).toEqual({
    "X-Admin-Key": "organiser's",
    "X-Admin-Name": "Ada",
    "Content-Type": "application/json",
  });
  expect(asked[0]?.request.body).toBe('{"text":"Lunch"}');
});

test("a name in any script reaches the exchange as UTF-8", async () => {
  const asked: RequestInit[] = [];
  const rest = new Rest(
    () => ({ ...KEYS, organiserName: "Łucja" }),
    (_, request) => {
      asked.push(request ?? {});
      return Promise.resolve(new Response(JSON.stringify(SUCCESS)));
    },
  );
  await rest.ask("GET /admin/actions");
  const name = new Headers(asked[0]?.headers).get("X-Admin-Name") ?? "";
  const bytes = Uint8Array.from(name, (letter) => letter.charCodeAt(0));
  expect(new TextDecoder().decode(bytes)).toBe("Łucja");
});

test("a verdict tells the order's id; a refusal tells the exchange's words", async () => {
  const order = { instrument_id: "SPY", side: "buy", quantity: 1, price: 1 } as const;
  expect(await answering(200, SUCCESS).rest.ask("POST /orders", { body: order })).toEqual({
    ok: true,
    data: null,
    orderId: "ORD_1",
  });
  const error = { code: "INVALID_PRICE", message: "off the grid", details: null };
  const refused = await answering(400, { ...SUCCESS, success: false, error }).rest.ask("POST /orders", { body: order });
  expect(refused).toEqual({ ok: false, status: 400, error });
});

test("no answer at all is a refusal in words, and no exception", async () => {
  const rest = new Rest(
    () => KEYS,
    () => Promise.reject(new TypeError("failed to fetch")),
  );
  expect(await rest.ask("GET /market")).toMatchObject({ ok: false, status: 0, error: { code: "SERVICE_UNAVAILABLE" } });
});

test("of what changes something, no answer leaves open whether it was done", async () => {
  const rest = new Rest(
    () => KEYS,
    () => Promise.reject(new TypeError("failed to fetch")),
  );
  expect(await rest.ask("DELETE /orders")).toMatchObject({
    error: { message: "The exchange cannot be reached; whether it was done is not known" },
  });
});
