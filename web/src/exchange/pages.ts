/** Lists that the exchange answers a page at a time, oldest first. */

/** The most that it answers at once. */
export const PAGE = 1_000;

/** What a page is asked for with; `after`: the id of the last item of the page before. */
export interface PageQuery {
  limit: number;
  after?: string;
}

/** All of them: `ask` gives a page, null if it was refused; then there is what came before. */
export async function allPages<Item>(
  idOf: (item: Item) => string,
  ask: (query: PageQuery) => Promise<readonly Item[] | null>,
): Promise<Item[]> {
  const all: Item[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await ask(last === undefined ? { limit: PAGE } : { limit: PAGE, after: idOf(last) });
    if (page === null) return all;
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
