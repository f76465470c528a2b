/** Requests to the exchange: every route, with the types of its documents. */

import type { ApiError, ApiResponse } from "../protocol/messages";
import type { Routes } from "../protocol/routes";

export type Route = keyof Routes;

type Given<Name extends string, Value> = [Value] extends [undefined]
  ? { [Key in Name]?: undefined }
  : undefined extends Value
    ? { [Key in Name]?: Value }
    : { [Key in Name]: Value };

/** What a route is asked with: `path`, `query` and `body`, where it has them. */
export type Asked<R extends Route> = Given<"path", Routes[R]["path"]> & {
  query?: Routes[R]["query"];
} & Given<"body", Routes[R]["body"]>;

export interface Done<Data> {
  ok: true;
  data: Data;
  orderId: string | null;
}

export interface Refused {
  ok: false;
  error: ApiError;
  /** The status; 0 if there was no answer at all. */
  status: number;
}

export type Answer<R extends Route> = Done<Routes[R]["data"]> | Refused;

/** The keys that requests are sent with; a route of the organiser's gets the organiser's. */
export interface Keys {
  team: string | null;
  organiser: string | null;
  /** Who of the organisers acts: journaled with what is done. */
  organiserName: string | null;
}

const TIMEOUT_MS = 15_000;

export class Rest {
  readonly #keys: () => Keys;
  readonly #fetch: typeof fetch;

  constructor(keys: () => Keys, fetcher: typeof fetch = (...request) => fetch(...request)) {
    this.#keys = keys;
    this.#fetch = fetcher;
  }

  /** Ask a route. Never throws: what went wrong is in the answer, in words that can be shown. */
  async ask<R extends Route>(
    route: R,
    ...[asked]: Record<never, never> extends Asked<R> ? [Asked<R>?] : [Asked<R>]
  ): Promise<Answer<R>> {
    const [method, template] = route.split(" ") as [string, string];
    const body = asked?.body;
    try {
      const response = await this.#fetch(address(template, asked?.path, asked?.query), {
        method,
        headers: { ...this.#headers(template), ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        cache: "no-store",
      });
      const answer = (await response.json()) as ApiResponse<Routes[R]["data"]>;
      if (answer.success) return { ok: true, data: answer.data as Routes[R]["data"], orderId: answer.order_id };
      return { ok: false, status: response.status, error: answer.error ?? unexplained(response.status) };
    } catch (failure) {
      return { ok: false, status: 0, error: unanswered(failure, method === "GET") };
    }
  }

  #headers(template: string): Record<string, string> {
    const keys = this.#keys();
    if (template.startsWith("/admin/")) {
      return {
        ...(keys.organiser === null ? {} : { "X-Admin-Key": header(keys.organiser) }),
        ...(keys.organiserName ? { "X-Admin-Name": header(keys.organiserName) } : {}),
      };
    }
    return keys.team === null ? {} : { "X-API-Key": header(keys.team) };
  }
}

/** Text as a header's value: its UTF-8 bytes, since a browser takes no character above Latin-1. */
function header(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function address(template: string, path: object | undefined, query: object | undefined): string {
  let filled = template;
  for (const [name, value] of Object.entries(path ?? {})) {
    filled = filled.replace(`{${name}}`, encodeURIComponent(String(value)));
  }
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) asked.set(name, String(value));
  }
  const text = asked.toString();
  return text === "" ? filled : `${filled}?${text}`;
}

function unanswered(failure: unknown, onlyReads: boolean): ApiError {
  const late = failure instanceof DOMException && failure.name === "TimeoutError";
  const what = late ? "The exchange did not answer in time" : "The exchange cannot be reached";
  return {
    code: late ? "PROCESSING_TIMEOUT" : "SERVICE_UNAVAILABLE",
    message: onlyReads ? what : `${what}; whether it was done is not known`,
    details: null,
  };
}

function unexplained(status: number): ApiError {
  return { code: "INTERNAL_ERROR", message: `The exchange answered with status ${status}`, details: null };
}
