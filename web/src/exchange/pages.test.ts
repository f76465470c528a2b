import { expect, test } from "vitest";

import { allPages, PAGE, type PageQuery } from "./pages";

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, place) => from + place);

test("pages are asked for until one is not full, each after the last item", async () => {
  const asked: PageQuery[] = [];
  const all = await allPages<number>(String, (query) => {
    asked.push(query);
    return Promise.resolve(query.after === undefined ? numbers(1, PAGE) : numbers(Number(query.after) + 1, 2));
  });
  expect(asked).toEqual([{ limit: PAGE }, { limit: PAGE, after: String(PAGE) }]);
  expect(all).toEqual(numbers(1, PAGE + 2));
});

test("what came before a refusal is kept", async () => {
  const ask = ({ after }: PageQuery) => Promise.resolve(after === undefined ? numbers(1, PAGE) : null);
  expect(await allPages<number>(String, ask)).toHaveLength(PAGE);
});
