/** The newest of what came, up to a bound, so that memory stays flat. */
export class Recent<Item> {
  readonly #most: number;
  #items: Item[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(item: Item): void {
    this.#items.push(item);
    // Twice the bound before it is cut: each item is moved once, not at every addition.
    if (this.#items.length >= 2 * this.#most) this.#items = this.#items.slice(-this.#most);
  }

  has(isIt: (item: Item) => boolean): boolean {
    return this.#items.some(isIt);
  }

  /** Take out those for which `isWrong` holds. */
  drop(isWrong: (item: Item) => boolean): void {
    this.#items = this.#items.filter((item) => !isWrong(item));
  }

  /** Newest first. */
  view(): Item[] {
    return this.#items.slice(-this.#most).reverse();
  }

  /** Everything anew, oldest first. */
  replace(items: Iterable<Item>): void {
    this.#items = [...items].slice(-this.#most);
  }
}
